using System.Net;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Filtering;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Tailnet.Nodes.Mapping;

/// <summary>The packet filter that a network map orders.</summary>
internal static class NetworkMapFilter
{
    /// <param name="services">Addresses of the services hosted here.</param>
    /// <param name="ignored">Told of what in the rules makes no sense.</param>
    public static FilterProgram From(NetworkMap map, IEnumerable<IPAddress> services, bool shieldsUp, Action<string> ignored) => FilterCompiler.Compile(
        map.PacketFilter,
        map.Peers,
        map.Self.Addresses.Concat(map.Self.EffectiveAllowedIPs).SelectMany(RangesOf).Concat(services.Select(AddressRange.Of)),
        shieldsUp,
        ignored);

    /// <summary>Whether the next map's filter can differ: its rules, who is jailed or capable, or which addresses are ours.</summary>
    public static bool MayDiffer(NetworkMapChange change) => change.PacketFilter || change.Self || change.Peers;

    private static IEnumerable<AddressRange> RangesOf(IPPrefix prefix) =>
        prefix.IsNone || prefix.Bits > 0 ? FilterCompiler.RangesOf(prefix) : prefix.IsIPv4 ? ExitDestinations.IPv4 : ExitDestinations.IPv6;
}
