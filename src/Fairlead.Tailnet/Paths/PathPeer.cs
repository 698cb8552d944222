using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>What the coordination server says about the ways to a peer.</summary>
public sealed record PathPeer
{
    public required NodePublicKey Node { get; init; }

    /// <summary>Zero for a peer that has none: paths to it cannot be probed.</summary>
    public DiscoPublicKey Disco { get; init; }

    /// <summary>Where it may be reached directly.</summary>
    public IReadOnlyList<UdpAddress> Endpoints { get; init; } = [];

    /// <summary>Region whose relay reaches it; 0 for none.</summary>
    public int HomeRegion { get; init; }

    /// <summary>A plain WireGuard peer: it knows neither disco nor relays.</summary>
    public bool IsWireGuardOnly { get; init; }
}
