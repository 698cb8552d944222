using System.Net;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Filtering;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Tailnet.Nodes.Mapping;

/// <summary>The packet filter that a network map orders, of a node that has a will of its own.</summary>
internal static class NetworkMapFilter
{
    /// <param name="services">Addresses of the services hosted here.</param>
    /// <param name="preferences">Name the subnets that the node leads to, of those that the map approves: no server makes a router of a node that offers none.</param>
    /// <param name="ignored">Told of what in the rules makes no sense.</param>
    public static FilterProgram From(
        NetworkMap map, IEnumerable<IPAddress> services, TailnetNodePreferences preferences, bool shieldsUp, Action<string> ignored)
    {
        var own = map.Self.Addresses.Where(prefix => prefix.IsSingleAddress).Select(prefix => prefix.Address).Concat(services);
        var approved = AddressSet.Of(map.Self.EffectiveAllowedIPs.SelectMany(RangesOf));
        return FilterCompiler.Compile(map.PacketFilter, map.Peers, own.Select(AddressRange.Of), approved.Intersect(Offered(preferences)), shieldsUp, ignored);
    }

    /// <summary>Whether the next map's filter can differ: its rules, who is jailed or capable, or which addresses are ours.</summary>
    public static bool MayDiffer(NetworkMapChange change) => change.PacketFilter || change.Self || change.Peers;

    private static AddressSet Offered(TailnetNodePreferences preferences) => AddressSet.Of(
    [
        .. preferences.AdvertiseRoutes.SelectMany(network => RangesOf(new IPPrefix(network.BaseAddress, network.PrefixLength))),
        .. preferences.AdvertiseExitNode ? [.. ExitDestinations.IPv4, .. ExitDestinations.IPv6] : Array.Empty<AddressRange>(),
    ]);

    private static IEnumerable<AddressRange> RangesOf(IPPrefix prefix) =>
        prefix.IsNone || prefix.Bits > 0 ? FilterCompiler.RangesOf(prefix) : prefix.IsIPv4 ? ExitDestinations.IPv4 : ExitDestinations.IPv6;
}
