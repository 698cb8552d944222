using System.Net;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Fuzzing.Control;

/// <summary>A network map under changes, with what must always hold of it.</summary>
internal sealed class MapSequence
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private NetworkMap? _map;

    public void Apply(MapResponse message)
    {
        var next = NetworkMapReducer.Apply(_map, message, Now);
        Check(next);
        CheckChange(_map, next);
        var again = NetworkMapReuse.Of(_map ?? next, next);
        Require(again.Peers.Count == next.Peers.Count, "Reuse changed the number of peers.");
        _map = next;
    }

    private static void Check(NetworkMap map)
    {
        for (var i = 0; i < map.Peers.Count; i++)
        {
            var peer = map.Peers[i];
            Require(i == 0 || map.Peers[i - 1].ID < peer.ID, "Peers are not in order, or one is there twice.");
            Require(peer.AllowedIPs is not null && peer.Capabilities.Count == 0 && peer.LegacyDerp.Length == 0, "A peer is not in the current form.");
            Require(ReferenceEquals(map.FindPeer(peer.ID), peer), "A peer is not found by its ID.");
        }

        Require(map.DerpMap.Regions is { } regions && regions.Values.All(region => region is not null), "A region is null.");
        Require(map.PacketFilter.Count == map.PacketFilters.Values.Sum(filter => filter.Count), "The packet filter is not the sum of its parts.");
        Require(map.PacketFilter.All(rule => rule is not null), "A rule is null.");
        Require(map.DisplayMessages.Values.All(message => message is not null), "A message is null.");
        _ = map.FindNode(IPAddress.Loopback);
        _ = map.FindNode("a");
        _ = map.FindNode(map.Self.Key);
    }

    private static void CheckChange(NetworkMap? before, NetworkMap after)
    {
        var change = NetworkMapChange.Between(before, after);
        var ids = new SortedSet<long>(before?.Peers.Select(peer => peer.ID) ?? []);
        ids.ExceptWith(change.PeersRemoved.Select(peer => peer.ID));
        ids.UnionWith(change.PeersAdded.Select(peer => peer.ID));
        Require(ids.SequenceEqual(after.Peers.Select(peer => peer.ID)), "The change does not lead from one map to the other.");
        Require(!ReferenceEquals(before, after) || change.IsEmpty, "A map differs from itself.");
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds) throw new InvalidOperationException(problem);
    }
}
