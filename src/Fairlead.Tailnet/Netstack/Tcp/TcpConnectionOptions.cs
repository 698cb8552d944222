namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>How a TCP connection behaves. Immutable; configure with <c>with</c>.</summary>
public sealed record TcpConnectionOptions
{
    public static TcpConnectionOptions Default { get; } = new();

    /// <summary>
    /// For whoever waits on a connection and may never write to it: a peer that is gone does not say so. It is asked after two minutes of
    /// silence, rather than the two hours that operating systems take, and given up a minute later; one that began anew refuses the
    /// connection at the first question.
    /// </summary>
    public static TcpConnectionOptions KeptAlive { get; } = new() { KeepAliveTime = TimeSpan.FromMinutes(2) };

    /// <summary>Send small writes at once instead of waiting for an acknowledgement (Nagle's algorithm off).</summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>Idle time after which the peer is probed; null (the default, as RFC 9293 section 3.8.4 has it) probes never.</summary>
    public TimeSpan? KeepAliveTime { get; init; }

    /// <summary>Time between unanswered probes.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Unanswered probes after which the connection is given up.</summary>
    public int KeepAliveProbes { get; init; } = 4;

    /// <summary>How long sent data may stay without an acknowledgement before the connection is given up (RFC 9293 section 3.8.3: at least 100 s).</summary>
    public TimeSpan UserTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long to try to open a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>
    /// What disposing does with data not yet acknowledged: null (the default) goes on sending in the background, bounded by
    /// <see cref="UserTimeout"/>; zero resets the connection; another time has disposing wait that long, then reset.
    /// </summary>
    public TimeSpan? Linger { get; init; }

    /// <summary>Bytes the receive window may grow to; it begins small and follows the reader. At least 16 KiB, at most 64 MiB.</summary>
    public int MaxReceiveBuffer { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes written that may wait for acknowledgement; the actual bound follows the path. At least 16 KiB, at most 64 MiB.</summary>
    public int MaxSendBuffer { get; init; } = 4 * 1024 * 1024;

    internal TcpConnectionOptions Validated()
    {
        const int Least = 16 * 1024;
        const int Most = 64 * 1024 * 1024;
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReceiveBuffer, Least, nameof(MaxReceiveBuffer));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxReceiveBuffer, Most, nameof(MaxReceiveBuffer));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSendBuffer, Least, nameof(MaxSendBuffer));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxSendBuffer, Most, nameof(MaxSendBuffer));
        return this;
    }
}
