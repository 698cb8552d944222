using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Derp;

/// <summary>How a node uses relays.</summary>
public sealed record DerpClientOptions
{
    /// <summary>
    /// Whether relays are spoken to without TLS. For relays on loopback or inside another tunnel: what is relayed is encrypted anyway, but
    /// an observer sees which nodes talk, and nothing proves that the relay is the right one.
    /// </summary>
    public bool PlainText { get; init; }

    /// <summary>What the node calls itself to relays; null for nothing.</summary>
    public string? AppName { get; init; }

    /// <summary>Bytes that wait for one relay at most; what comes beyond is dropped.</summary>
    public int MaxQueuedBytes { get; init; } = 512 << 10;

    /// <summary>A connection to a region other than home closes after so long without a packet in either direction.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For the jitter of back-off. Used under a lock.</summary>
    public Random Random { get; init; } = Random.Shared;

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;
}
