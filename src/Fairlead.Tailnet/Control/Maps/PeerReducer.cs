using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>The part of <see cref="NetworkMapReducer"/> that is about peers.</summary>
internal static class PeerReducer
{
    /// <summary>So many are put in one by one, which needs no memory besides the list.</summary>
    private const int FewChanges = 32;

    /// <returns>Null if nothing is said about peers.</returns>
    public static IReadOnlyList<Node>? Apply(IReadOnlyList<Node> peers, MapResponse response, DateTimeOffset now)
    {
        if (response.Peers is { Count: > 0 } all) return [.. SortedPeers.Sorted(all).Select(peer => NodePool.Shared.Intern(NodeForm.Current(peer)))];
        if (!ChangesPeers(response)) return null;
        var list = new List<Node>(peers);
        Remove(list, response.PeersRemoved);
        Replace(list, response.PeersChanged);
        foreach (var (id, seen) in response.PeerSeenChange ?? Nothing) Edit(list, id, peer => peer with { LastSeen = seen ? now : null });
        foreach (var (id, online) in response.OnlineChange ?? Nothing) Edit(list, id, peer => peer with { Online = online });
        foreach (var change in response.PeersChangedPatch ?? []) Edit(list, change.NodeID, peer => Patched(peer, change));
        // Only now, since what lies between is no version that others have.
        foreach (var id in Touched(response)) Edit(list, id, NodePool.Shared.Intern);
        return list.ToArray();
    }

    private static IEnumerable<long> Touched(MapResponse response) =>
        (response.PeersChanged ?? []).Select(peer => peer.ID)
        .Concat(response.PeerSeenChange?.Keys ?? [])
        .Concat(response.OnlineChange?.Keys ?? [])
        .Concat((response.PeersChangedPatch ?? []).Select(change => change.NodeID))
        .Distinct();

    private static Dictionary<long, bool> Nothing { get; } = [];

    private static bool ChangesPeers(MapResponse response) =>
        response.PeersRemoved is { Count: > 0 }
        || response.PeersChanged is { Count: > 0 }
        || response.PeerSeenChange is { Count: > 0 }
        || response.OnlineChange is { Count: > 0 }
        || response.PeersChangedPatch is { Count: > 0 };

    private static void Remove(List<Node> peers, IReadOnlyList<long>? ids)
    {
        if (ids is not { Count: > 0 }) return;
        var gone = ids.ToHashSet();
        peers.RemoveAll(peer => gone.Contains(peer.ID));
    }

    private static void Replace(List<Node> peers, IReadOnlyList<Node>? changed)
    {
        if (changed is not { Count: > 0 }) return;
        if (changed.Count <= FewChanges)
        {
            foreach (var peer in changed) SortedPeers.Put(peers, NodeForm.Current(peer));
            return;
        }

        // One merge instead of an insertion each, which would take quadratic time.
        peers.AddRange(changed.Select(NodeForm.Current));
        var merged = SortedPeers.Sorted(peers);
        peers.Clear();
        peers.AddRange(merged);
    }

    private static void Edit(List<Node> peers, long id, Func<Node, Node> edit)
    {
        var place = SortedPeers.Find(peers, id);
        if (place >= 0) peers[place] = edit(peers[place]);
    }

    private static Node Patched(Node peer, PeerChange change) => peer with
    {
        HomeDERP = change.DERPRegion != 0 ? change.DERPRegion : peer.HomeDERP,
        Cap = change.Cap != 0 ? change.Cap : peer.Cap,
        CapMap = change.CapMap ?? peer.CapMap,
        Endpoints = change.Endpoints ?? peer.Endpoints,
        Key = change.Key ?? peer.Key,
        KeySignature = change.KeySignature ?? peer.KeySignature,
        DiscoKey = change.DiscoKey ?? peer.DiscoKey,
        Online = change.Online ?? peer.Online,
        LastSeen = change.LastSeen ?? peer.LastSeen,
        KeyExpiry = change.KeyExpiry ?? peer.KeyExpiry,
    };
}
