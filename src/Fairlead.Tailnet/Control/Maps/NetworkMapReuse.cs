using System.Collections.Immutable;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>
/// A new stream tells everything again, and some servers do with every message. What is as before keeps its object, so that it is no
/// change to anybody, and costs no memory twice.
/// </summary>
internal static class NetworkMapReuse
{
    public static NetworkMap Of(NetworkMap previous, NetworkMap current) => ReferenceEquals(previous, current) ? current : current with
    {
        Self = Same(previous.Self, current.Self) ? previous.Self : current.Self,
        Peers = Peers(previous, current),
        UserProfiles = SameEntries(previous.UserProfiles, current.UserProfiles) ? previous.UserProfiles : current.UserProfiles,
        DerpMap = Same(previous.DerpMap, current.DerpMap) ? previous.DerpMap : current.DerpMap,
        Dns = Same(previous.Dns, current.Dns) ? previous.Dns : current.Dns,
        PacketFilter = SameRules(previous, current) ? previous.PacketFilter : current.PacketFilter,
        Health = previous.Health.SequenceEqual(current.Health) ? previous.Health : current.Health,
        DisplayMessages = previous.DisplayMessages.SequenceEqual(current.DisplayMessages) ? previous.DisplayMessages : current.DisplayMessages,
    };

    private static IReadOnlyList<Node> Peers(NetworkMap previous, NetworkMap current)
    {
        if (ReferenceEquals(previous.Peers, current.Peers)) return current.Peers;
        var peers = new Node[current.Peers.Count];
        var reused = 0;
        for (var i = 0; i < peers.Length; i++)
        {
            peers[i] = current.Peers[i];
            if (previous.FindPeer(peers[i].ID) is not { } known || !NodeEquality.Same(known, peers[i])) continue;
            peers[i] = known;
            reused++;
        }

        return reused == peers.Length && reused == previous.Peers.Count ? previous.Peers : peers;
    }

    private static bool SameRules(NetworkMap previous, NetworkMap current) =>
        ReferenceEquals(previous.PacketFilter, current.PacketFilter)
        || Same(new MapResponse { PacketFilter = previous.PacketFilter }, new MapResponse { PacketFilter = current.PacketFilter });

    // A profile has a list in it, which is equal to itself alone.
    private static bool SameEntries(ImmutableDictionary<long, UserProfile> previous, ImmutableDictionary<long, UserProfile> current) =>
        ReferenceEquals(previous, current)
        || (previous.Count == current.Count
        && current.Values.All(profile => previous.TryGetValue(profile.ID, out var known)
            && known.Groups.SequenceEqual(profile.Groups)
            && known with { Groups = [] } == profile with { Groups = [] }));

    private static bool Same<T>(T left, T right)
        where T : class => ReferenceEquals(left, right) || ControlJson.Serialize(left).AsSpan().SequenceEqual(ControlJson.Serialize(right));
}
