namespace Fairlead.Tailnet.Netstack;

/// <summary>How a network stack is set up. Immutable.</summary>
public sealed record NetworkStackOptions
{
    public static NetworkStackOptions Default { get; } = new();

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Source of sequence numbers, ports and secrets; null, the default, is the system's cryptographic one. Anything else makes the stack
    /// predictable, which is for tests that must repeat.
    /// </summary>
    public Random? Random { get; init; }

    /// <summary>Bytes all TCP buffers of the stack, and its notes of what is in flight, may hold together; beyond it windows shrink and data out of order is dropped.</summary>
    public long MaxBufferedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Connections remembered in TIME-WAIT; beyond it the oldest go early.</summary>
    public int MaxTimeWait { get; init; } = 4096;

    /// <summary>
    /// Handshakes under way for <see cref="NetworkStack.TcpFallback"/> that are remembered, in fair shares for those who begin them; beyond
    /// it they go on without memory, by SYN cookies.
    /// </summary>
    public int MaxForwardedHandshakes { get; init; } = 1024;

    /// <summary>
    /// Flows that <see cref="NetworkStack.UdpFallback"/> accepted and that are open at a time, in fair shares for those who begin them; who
    /// begins more loses older ones.
    /// </summary>
    public int MaxForwardedUdpFlows { get; init; } = 1024;

    /// <summary>Bytes of fragments that wait for the rest of their datagram.</summary>
    public int MaxReassemblyBytes { get; init; } = 1024 * 1024;

    /// <summary>Where waiting operations are completed; the thread pool if null.</summary>
    internal Action<IThreadPoolWorkItem>? Scheduler { get; init; }
}
