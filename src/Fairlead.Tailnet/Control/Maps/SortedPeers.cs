using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>Lists of nodes by rising ID: compact, and fast to copy, which each change does.</summary>
internal static class SortedPeers
{
    /// <summary>Place of the ID, or the complement of the place where it would be.</summary>
    public static int Find(IReadOnlyList<Node> peers, long id)
    {
        var low = 0;
        var high = peers.Count - 1;
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var at = peers[middle].ID;
            if (at == id) return middle;
            if (at < id) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    /// <summary>Sorted; of several nodes of one ID the last.</summary>
    public static List<Node> Sorted(IReadOnlyList<Node> nodes)
    {
        var byId = new Dictionary<long, Node>(nodes.Count);
        foreach (var node in nodes) byId[node.ID] = node;
        return [.. byId.Values.OrderBy(node => node.ID)];
    }

    public static void Put(List<Node> peers, Node node)
    {
        var place = Find(peers, node.ID);
        if (place >= 0) peers[place] = node;
        else peers.Insert(~place, node);
    }
}
