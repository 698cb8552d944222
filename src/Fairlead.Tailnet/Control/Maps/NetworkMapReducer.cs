using System.Collections.Immutable;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Health;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>The rules by which messages of the map stream change a network map. Pure.</summary>
public static class NetworkMapReducer
{
    /// <summary>More than any tailnet has; a server that goes on adding them is ill.</summary>
    private const int MaxPeers = 100_000;

    private const int MaxNames = 10_000;

    /// <param name="previous">Null for the first message of a stream.</param>
    /// <param name="now">For peers that were "seen just now".</param>
    /// <returns><paramref name="previous"/> itself if nothing changed.</returns>
    /// <exception cref="NetworkMapException">The first message has no node, or there is more of something than any tailnet has.</exception>
    public static NetworkMap Apply(NetworkMap? previous, MapResponse response, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (previous is null && response.Node is null) throw new NetworkMapException("The first map response has no node.");

        var map = previous ?? new NetworkMap(NodeForm.Current(response.Node!));
        if (previous is not null && response.Node is { } self) map = map with { Self = NodeForm.Current(self) };
        if (PeerReducer.Apply(map.Peers, response, now) is { } peers)
        {
            map = map with { Peers = Limited(peers, peers.Count, MaxPeers, "peers") };
        }

        if (response.UserProfiles is { Count: > 0 } profiles)
        {
            var all = map.UserProfiles.SetItems(profiles.Select(profile => KeyValuePair.Create(profile.ID, profile)));
            map = map with { UserProfiles = Limited(all, all.Count, MaxPeers, "user profiles") };
        }

        if (response.DERPMap is { } derp) map = map with { DerpMap = Merge(map.DerpMap, derp) };
        map = WithPacketFilter(map, response);
        map = WithHealth(map, response);
        return WithReplacements(map, response);
    }

    private static NetworkMap WithReplacements(NetworkMap map, MapResponse response)
    {
        if (response.DNSConfig is { } dns) map = map with { Dns = dns };
        if (response.Domain.Length > 0) map = map with { Domain = response.Domain };
        if (response.TKAInfo is { } tailnetLock) map = map with { TailnetLock = tailnetLock };
        return map;
    }

    private static DerpMap Merge(DerpMap previous, DerpMap change)
    {
        var regions = previous.Regions;
        var omitDefaults = previous.OmitDefaultRegions;
        if (change.Regions is { } all)
        {
            regions = all.Where(region => region.Value is not null).ToDictionary(region => region.Key, region => region.Value);
            omitDefaults = change.OmitDefaultRegions;
        }

        var home = change.HomeParams ?? previous.HomeParams;
        if (home is { RegionScore: null }) home = home with { RegionScore = previous.HomeParams?.RegionScore };
        return new DerpMap { Regions = regions, OmitDefaultRegions = omitDefaults, HomeParams = home };
    }

    private static NetworkMap WithPacketFilter(NetworkMap map, MapResponse response)
    {
        if (response.PacketFilter is null && response.PacketFilters is null) return map;
        var filters = map.PacketFilters;
        if (response.PacketFilter is { } rules) filters = filters.SetItem(FilterRule.BaseFilter, rules);
        if (response.PacketFilters is { } changes)
        {
            filters = Changed(filters, changes.ToDictionary(entry => entry.Key, entry => WithoutNulls(entry.Value)), FilterRule.AllFilters, "packet filters");
        }

        return map with { PacketFilters = filters, PacketFilter = [.. filters.Values.SelectMany(filter => filter)] };
    }

    private static IReadOnlyList<FilterRule>? WithoutNulls(IReadOnlyList<FilterRule>? rules) => rules is null ? null : [.. rules.Where(rule => rule is not null)];

    private static NetworkMap WithHealth(NetworkMap map, MapResponse response)
    {
        if (response.Health is { } health) map = map with { Health = health };
        return response.DisplayMessages is { } changes
            ? map with { DisplayMessages = Changed(map.DisplayMessages, changes, DisplayMessage.All, "display messages") }
            : map;
    }

    /// <summary>Null by the name of all clears first, wherever it stands; any other null removes its name.</summary>
    private static ImmutableSortedDictionary<string, T> Changed<T>(
        ImmutableSortedDictionary<string, T> values, IReadOnlyDictionary<string, T?> changes, string all, string kind)
        where T : class
    {
        if (changes.TryGetValue(all, out var everything) && everything is null) values = values.Clear();
        var builder = values.ToBuilder();
        foreach (var (name, value) in changes)
        {
            if (name == all) continue;
            if (value is null) builder.Remove(name);
            else builder[name] = value;
        }

        return Limited(builder.ToImmutable(), builder.Count, MaxNames, kind);
    }

    private static T Limited<T>(T collection, int count, int limit, string kind) =>
        count <= limit ? collection : throw new NetworkMapException($"More than {limit} {kind} in a network map.");
}
