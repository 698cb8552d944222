using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Services;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Control.Description;

/// <summary>What a node tells the coordination server about itself.</summary>
public sealed record NodeDescription
{
    /// <summary><see cref="Hostinfo.ServicesHash"/> is set from <see cref="Services"/>.</summary>
    public required Hostinfo Hostinfo { get; init; }

    public required DiscoPublicKey DiscoKey { get; init; }

    public IReadOnlyList<NodeEndpoint> Endpoints { get; init; } = [];

    /// <summary>Tailscale Services the node hosts, active or not.</summary>
    public IReadOnlyList<VipService> Services { get; init; } = [];

    internal Hostinfo CompleteHostinfo => Hostinfo with { ServicesHash = ServicesHash.Of(Services) };
}
