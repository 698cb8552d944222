using System.Net;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>How a node finds its peers.</summary>
public sealed record PathOptions
{
    /// <summary>How relays are used. Its time is that of all paths.</summary>
    public DerpClientOptions Relays { get; init; } = new();

    /// <summary>Endpoints to tell peers besides those that are found, e.g. a node port.</summary>
    public IReadOnlyList<UdpAddress> ExplicitEndpoints { get; init; } = [];

    /// <summary>The local addresses to tell peers, for sockets bound to less than all interfaces; null = those of the interfaces.</summary>
    public IReadOnlyList<IPAddress>? LocalAddresses { get; init; }
}
