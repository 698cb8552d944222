using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>What differs between two network maps of a node, however many messages lie between them.</summary>
public sealed record NetworkMapChange
{
    /// <summary>There was no map before: everything is new.</summary>
    public bool IsFirst { get; private init; }

    public bool Self { get; private init; }

    /// <summary>Peers that were not there.</summary>
    public IReadOnlyList<Node> PeersAdded { get; private init; } = [];

    /// <summary>Peers as they are now.</summary>
    public IReadOnlyList<Node> PeersChanged { get; private init; } = [];

    /// <summary>Peers as they were.</summary>
    public IReadOnlyList<Node> PeersRemoved { get; private init; } = [];

    public bool UserProfiles { get; private init; }

    public bool DerpMap { get; private init; }

    /// <summary>The DNS configuration, or the name of the tailnet.</summary>
    public bool Dns { get; private init; }

    public bool PacketFilter { get; private init; }

    /// <summary>Health or display messages, or tailnet lock.</summary>
    public bool Health { get; private init; }

    public bool Peers => PeersAdded.Count + PeersChanged.Count + PeersRemoved.Count > 0;

    public bool IsEmpty => !(IsFirst || Self || Peers || UserProfiles || DerpMap || Dns || PacketFilter || Health);

    /// <param name="previous">Null if there was none.</param>
    public static NetworkMapChange Between(NetworkMap? previous, NetworkMap current)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (previous is null) return First(current);
        var (added, changed, removed) = ComparePeers(previous.Peers, current.Peers);
        return new NetworkMapChange
        {
            Self = !ReferenceEquals(previous.Self, current.Self),
            PeersAdded = added,
            PeersChanged = changed,
            PeersRemoved = removed,
            UserProfiles = !ReferenceEquals(previous.UserProfiles, current.UserProfiles),
            DerpMap = !ReferenceEquals(previous.DerpMap, current.DerpMap),
            Dns = !ReferenceEquals(previous.Dns, current.Dns) || previous.Domain != current.Domain,
            PacketFilter = !ReferenceEquals(previous.PacketFilter, current.PacketFilter),
            Health = !ReferenceEquals(previous.Health, current.Health)
                || !ReferenceEquals(previous.DisplayMessages, current.DisplayMessages)
                || previous.TailnetLock != current.TailnetLock,
        };
    }

    private static NetworkMapChange First(NetworkMap current) => new()
    {
        IsFirst = true,
        Self = true,
        PeersAdded = current.Peers,
        UserProfiles = true,
        DerpMap = true,
        Dns = true,
        PacketFilter = true,
        Health = true,
    };

    private static (List<Node> Added, List<Node> Changed, List<Node> Removed) ComparePeers(IReadOnlyList<Node> before, IReadOnlyList<Node> after)
    {
        var (added, changed, removed) = (new List<Node>(), new List<Node>(), new List<Node>());
        if (ReferenceEquals(before, after)) return (added, changed, removed);
        int i = 0, j = 0;
        while (i < before.Count || j < after.Count)
        {
            if (j == after.Count || (i < before.Count && before[i].ID < after[j].ID)) removed.Add(before[i++]);
            else if (i == before.Count || after[j].ID < before[i].ID) added.Add(after[j++]);
            else
            {
                if (!ReferenceEquals(before[i], after[j])) changed.Add(after[j]);
                i++;
                j++;
            }
        }

        return (added, changed, removed);
    }
}
