using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Devices;

/// <summary>What a proxy knows of its own tailnet device and of the tailnet at one moment.</summary>
public sealed record DeviceSnapshot
{
    private static readonly ImmutableDictionary<string, ImmutableArray<IPAddress>> NoNames = ImmutableDictionary<string, ImmutableArray<IPAddress>>.Empty;

    /// <summary>Nothing is known yet.</summary>
    public static DeviceSnapshot Empty { get; } = new();

    public DeviceState State { get; init; }

    /// <summary>Why the device is not let in; empty while nothing is wrong.</summary>
    public string Problem { get; init; } = "";

    /// <summary>The node's stable ID; empty before registration.</summary>
    public string StableId { get; init; } = "";

    /// <summary>MagicDNS name with trailing dot; empty before registration.</summary>
    public string Fqdn { get; init; } = "";

    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>Names that the control plane would issue certificates for; empty where HTTPS is off.</summary>
    public ImmutableArray<string> CertDomains { get; init; } = [];

    /// <summary>Addresses of each peer by its MagicDNS name, without trailing dot, lower case.</summary>
    public ImmutableDictionary<string, ImmutableArray<IPAddress>> Peers { get; init; } = NoNames;

    /// <summary>Addresses by name of further DNS records that some peer serves (Tailscale Services); names as in <see cref="Peers"/>.</summary>
    public ImmutableDictionary<string, ImmutableArray<IPAddress>> ServiceRecords { get; init; } = NoNames;

    /// <summary>Networks of sites ("4via6") that some peer leads to.</summary>
    public ImmutableArray<IPNetwork> SiteRoutes { get; init; } = [];
}
