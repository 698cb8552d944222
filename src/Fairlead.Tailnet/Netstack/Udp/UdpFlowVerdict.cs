namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>What to do with a datagram that begins a flow.</summary>
public readonly struct UdpFlowVerdict
{
    private UdpFlowVerdict(Action<UdpSocket>? handler, bool isRejected)
    {
        Handler = handler;
        IsRejected = isRejected;
    }

    /// <summary>No answer at all.</summary>
    public static UdpFlowVerdict Drop => default;

    /// <summary>Answered with "port unreachable".</summary>
    public static UdpFlowVerdict Reject { get; } = new(null, isRejected: true);

    internal Action<UdpSocket>? Handler { get; }

    internal bool IsRejected { get; }

    /// <summary>
    /// Accepted; the handler, called from the thread pool, owns a socket bound to both ends, in whose queue the datagram waits. It decides
    /// when the flow is over, and disposes the socket.
    /// </summary>
    public static UdpFlowVerdict Accept(Action<UdpSocket> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new(handler, isRejected: false);
    }
}
