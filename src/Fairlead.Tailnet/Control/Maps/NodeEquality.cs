using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>
/// Whether nodes are equal through and through, where records compare lists by reference: lists that are equal are taken from one
/// and the same side, and the records do the rest. A list forgotten here makes nodes differ, never agree.
/// </summary>
internal static class NodeEquality
{
    public static bool Same(Node left, Node right)
    {
        if (ReferenceEquals(left, right)) return true;
        // What changes most is looked at first.
        return left.ID == right.ID
            && left.Online == right.Online
            && left.HomeDERP == right.HomeDERP
            && left.DiscoKey == right.DiscoKey
            && left.LastSeen == right.LastSeen
            && Same(left.Endpoints, right.Endpoints)
            && Same(left.Addresses, right.Addresses)
            && Same(left.AllowedIPs, right.AllowedIPs)
            && Same(left.Tags, right.Tags)
            && Same(left.PrimaryRoutes, right.PrimaryRoutes)
            && Same(left.Capabilities, right.Capabilities)
            && Same(left.CapMap, right.CapMap)
            && Same(left.Hostinfo, right.Hostinfo)
            && Same(left.KeySignature, right.KeySignature)
            && left.ExitNodeDNSResolvers.Count == 0
            && right.ExitNodeDNSResolvers.Count == 0
            && left with
            {
                Endpoints = right.Endpoints,
                Addresses = right.Addresses,
                AllowedIPs = right.AllowedIPs,
                Tags = right.Tags,
                PrimaryRoutes = right.PrimaryRoutes,
                Capabilities = right.Capabilities,
                CapMap = right.CapMap,
                Hostinfo = right.Hostinfo,
                KeySignature = right.KeySignature,
                ExitNodeDNSResolvers = right.ExitNodeDNSResolvers,
            } == right;
    }

    private static bool Same(Hostinfo? left, Hostinfo? right)
    {
        if (left is null || right is null) return ReferenceEquals(left, right);
        return ReferenceEquals(left, right)
            || (Same(left.RoutableIPs, right.RoutableIPs)
                && Same(left.RequestTags, right.RequestTags)
                && Same(left.WoLMACs, right.WoLMACs)
                && Same(left.Services, right.Services)
                && Same(left.SshHostKeys, right.SshHostKeys)
                && Same(left.NetInfo, right.NetInfo)
                && left with
                {
                    RoutableIPs = right.RoutableIPs,
                    RequestTags = right.RequestTags,
                    WoLMACs = right.WoLMACs,
                    Services = right.Services,
                    SshHostKeys = right.SshHostKeys,
                    NetInfo = right.NetInfo,
                } == right);
    }

    private static bool Same(NetInfo? left, NetInfo? right)
    {
        if (left is null || right is null) return ReferenceEquals(left, right);
        return left.DERPLatency.Count == right.DERPLatency.Count
            && left.DERPLatency.All(entry => right.DERPLatency.TryGetValue(entry.Key, out var value) && value.Equals(entry.Value))
            && left with { DERPLatency = right.DERPLatency } == right;
    }

    private static bool Same<T>(IReadOnlyList<T>? left, IReadOnlyList<T>? right)
    {
        if (ReferenceEquals(left, right)) return true;
        if (left is null || right is null || left.Count != right.Count) return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(left[i], right[i])) return false;
        }

        return true;
    }

    private static bool Same(IReadOnlyDictionary<string, IReadOnlyList<RawJson>> left, IReadOnlyDictionary<string, IReadOnlyList<RawJson>> right)
    {
        if (ReferenceEquals(left, right)) return true;
        if (left.Count != right.Count) return false;
        foreach (var (name, values) in left)
        {
            if (!right.TryGetValue(name, out var others) || !Same(values, others)) return false;
        }

        return true;
    }
}
