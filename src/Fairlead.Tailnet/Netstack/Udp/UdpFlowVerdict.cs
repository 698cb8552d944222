namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>What to do with a datagram that begins a flow.</summary>
public readonly struct UdpFlowVerdict
{
    private UdpFlowVerdict(Action<UdpSocket>? handler, object? owner, bool isRejected)
    {
        Handler = handler;
        Owner = owner;
        IsRejected = isRejected;
    }

    /// <summary>No answer at all.</summary>
    public static UdpFlowVerdict Drop => default;

    /// <summary>Answered with "port unreachable".</summary>
    public static UdpFlowVerdict Reject { get; } = new(null, null, isRejected: true);

    internal Action<UdpSocket>? Handler { get; }

    internal object? Owner { get; }

    internal bool IsRejected { get; }

    /// <summary>
    /// Accepted; the handler, called from the thread pool, owns a socket bound to both ends, in whose queue the datagram waits. It decides
    /// when the flow is over, and disposes the socket. The stack disposes it earlier when its owner begins more flows than it has places for.
    /// </summary>
    /// <param name="owner">
    /// Whose share of the flows it takes a place of, by equality; null for that of the remote address. It matters where one peer has many
    /// addresses.
    /// </param>
    public static UdpFlowVerdict Accept(Action<UdpSocket> handler, object? owner = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new(handler, owner, isRejected: false);
    }
}
