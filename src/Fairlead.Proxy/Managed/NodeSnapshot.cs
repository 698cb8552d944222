using System.Collections.Immutable;
using System.Net;
using Fairlead.Proxy.Devices;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Names;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Managed;

/// <summary>What a managed node knows, in the words of any device.</summary>
internal static class NodeSnapshot
{
    public static DeviceSnapshot Of(TailnetNodeStatus status, NetworkMap? map) => new()
    {
        State = status.State switch
        {
            TailnetNodeState.NeedsLogin => DeviceState.NeedsLogin,
            TailnetNodeState.NeedsMachineAuth => DeviceState.NeedsMachineAuth,
            TailnetNodeState.Running => DeviceState.Running,
            TailnetNodeState.Stopped => DeviceState.Stopped,
            _ => DeviceState.Starting,
        },
        Problem = status.Error,
        StableId = status.StableId,
        Fqdn = status.Name.Length > 0 ? $"{status.Name}." : "",
        Addresses = [.. status.Addresses],
        CertDomains = [.. status.CertificateDomains],
        Peers = status.Peers
            .Where(peer => peer.Name.Length > 0)
            .GroupBy(peer => peer.Name.ToLowerInvariant(), StringComparer.Ordinal)
            .ToImmutableDictionary(name => name.Key, name => name.First().Addresses.ToImmutableArray()),
        SiteRoutes =
        [
            .. from prefix in status.Peers.SelectMany(peer => peer.AllowedIPs)
               where prefix is { IsNone: false, IsIPv4: false, IsSingleAddress: false }
               let network = IPNetwork.TryParse(prefix.ToString(), out var parsed) ? parsed : default(IPNetwork?)
               where network is { } route && SiteAddressName.Range.Contains(route.BaseAddress)
               select network.Value,
        ],
        ServiceRecords = map is null ? DeviceSnapshot.Empty.ServiceRecords : Services(map),
    };

    /// <summary>Names beyond the peers', where a peer serves the address.</summary>
    private static ImmutableDictionary<string, ImmutableArray<IPAddress>> Services(NetworkMap map)
    {
        var served = map.Peers.SelectMany(peer => peer.EffectiveAllowedIPs).Where(prefix => prefix.IsSingleAddress).Select(prefix => prefix.Address).ToHashSet();
        return (map.Dns.ExtraRecords ?? [])
            .Select(record => (Name: record.Name.TrimEnd('.').ToLowerInvariant(), Address: IPAddress.TryParse(record.Value, out var address) ? address : null))
            .Where(record => record.Address is not null && served.Contains(record.Address))
            .GroupBy(record => record.Name, record => record.Address!)
            .ToImmutableDictionary(group => group.Key, group => group.Distinct().ToImmutableArray());
    }
}
