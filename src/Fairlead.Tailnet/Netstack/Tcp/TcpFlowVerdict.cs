namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What to do with a connection that comes in.</summary>
public readonly struct TcpFlowVerdict
{
    private TcpFlowVerdict(Action<TcpConnection>? handler, TcpConnectionOptions? options, object? owner, bool isRejected)
    {
        Handler = handler;
        Owner = owner;
        Options = options ?? TcpConnectionOptions.Default;
        IsRejected = isRejected;
    }

    /// <summary>No answer at all.</summary>
    public static TcpFlowVerdict Drop => default;

    /// <summary>Refused with a reset.</summary>
    public static TcpFlowVerdict Reject { get; } = new(null, null, null, isRejected: true);

    internal Action<TcpConnection>? Handler { get; }

    internal object? Owner { get; }

    internal TcpConnectionOptions Options => field ?? TcpConnectionOptions.Default;

    internal bool IsRejected { get; }

    /// <summary>Accepted; the handler, called from the thread pool once the handshake is over, owns the connection.</summary>
    /// <param name="owner">
    /// Whose share of the handshakes under way it takes a place of, by equality; null for that of the remote address. It matters where one
    /// peer has many addresses.
    /// </param>
    public static TcpFlowVerdict Accept(Action<TcpConnection> handler, TcpConnectionOptions? options = null, object? owner = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new(handler, options, owner, isRejected: false);
    }
}
