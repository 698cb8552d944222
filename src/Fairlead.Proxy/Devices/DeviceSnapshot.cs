using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Devices;

/// <summary>What a proxy knows of its own tailnet device and of the tailnet at one moment.</summary>
/// <param name="StableId">The node's stable ID; empty before registration.</param>
/// <param name="Fqdn">MagicDNS name with trailing dot; empty before registration.</param>
/// <param name="CertDomains">Names that the control plane would issue certificates for; empty where HTTPS is off.</param>
/// <param name="Peers">Addresses of each peer by its MagicDNS name, without trailing dot, lower case.</param>
/// <param name="ServiceRecords">Addresses by name of further DNS records that some peer serves (Tailscale Services).</param>
public sealed record DeviceSnapshot(
    DeviceState State,
    string StableId,
    string Fqdn,
    ImmutableArray<IPAddress> Addresses,
    ImmutableArray<string> CertDomains,
    ImmutableDictionary<string, ImmutableArray<IPAddress>> Peers,
    ImmutableDictionary<string, ImmutableArray<IPAddress>> ServiceRecords);
