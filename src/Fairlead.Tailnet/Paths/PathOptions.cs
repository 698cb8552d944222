using System.Net;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>How a node finds its peers.</summary>
public sealed record PathOptions
{
    /// <summary>How relays are used. Its time is that of all paths.</summary>
    public DerpClientOptions Relays { get; init; } = new();

    /// <summary>
    /// Bytes of the largest datagram that WireGuard sends, up to a jumbo frame's 9216. An address is used only once it has carried as much:
    /// there are networks that drop fragments, or fail to say that a packet was too large.
    /// </summary>
    public int LargestDatagram { get; init; } = 1312; // a packet of 1280 bytes, and 32 of WireGuard's

    /// <summary>Endpoints to tell peers besides those that are found, e.g. a node port.</summary>
    public IReadOnlyList<UdpAddress> ExplicitEndpoints { get; init; } = [];

    /// <summary>The local addresses to tell peers, for sockets bound to less than all interfaces; null = those of the interfaces.</summary>
    public IReadOnlyList<IPAddress>? LocalAddresses { get; init; }
}
