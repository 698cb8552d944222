using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.WireGuard;

/// <summary>How a <see cref="WireGuardDevice"/> is set up.</summary>
public sealed record WireGuardOptions
{
    /// <summary>The node's identity. Not disposed of by the device, which uses it until it is given another or is disposed of itself.</summary>
    public required NodePrivateKey PrivateKey { get; init; }

    /// <summary>Largest packet in bytes. Tailnets use 1,280, which any path carries with what is added to it.</summary>
    public int Mtu { get; init; } = 1280;

    /// <summary>
    /// Sends answers to addresses that no peer is known at: under load, requests to prove that somebody is there. Null: such handshakes
    /// are dropped.
    /// </summary>
    public IDatagramSender? Replies { get; init; }

    /// <summary>
    /// Handshake messages per second that are worked on without asking the sender for proof of its address. One takes about a fifth of a
    /// millisecond.
    /// </summary>
    public int UnprovenHandshakesPerSecond { get; init; } = 500;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Spreads retries; nothing secret depends on it.</summary>
    public Random Jitter { get; init; } = Random.Shared;
}
