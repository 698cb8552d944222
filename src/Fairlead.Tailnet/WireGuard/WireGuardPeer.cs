using System.Net;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.WireGuard;

/// <summary>Another node, as configured.</summary>
public sealed record WireGuardPeer
{
    public required NodePublicKey Key { get; init; }

    /// <summary>
    /// Networks behind the peer: packets to them are sent to it, and packets from them are taken from it alone. Of a network that two
    /// peers have, the one set last has it.
    /// </summary>
    public required IReadOnlyList<IPNetwork> AllowedNetworks { get; init; }

    public required IPeerPath Path { get; init; }

    /// <summary>32 bytes that both sides share besides their keys; empty: none. Tailnets have none.</summary>
    public ReadOnlyMemory<byte> PresharedKey { get; init; }

    /// <summary>Interval of messages that keep the way open while there is nothing to say; null: none.</summary>
    public TimeSpan? PersistentKeepAlive { get; init; }

    /// <summary>Names the key; the pre-shared one stays unsaid.</summary>
    public override string ToString() => Key.ToString();
}
