using System.Collections.Immutable;
using System.Net;
using Fairlead.Tailnet.Protocol.Control.Dns;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Health;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>
/// The tailnet as one node sees it at one moment. Immutable; parts that did not change are the same objects in the next one, so that
/// <see cref="NetworkMapChange.Between"/> is cheap.
/// </summary>
public sealed record NetworkMap
{
    private NetworkMapIndex? _index;

    /// <summary>A map of this node alone.</summary>
    public NetworkMap(Node self) => Self = self;

    // A copy has other peers, hence an index of its own.
    private NetworkMap(NetworkMap original)
    {
        Self = original.Self;
        Peers = original.Peers;
        UserProfiles = original.UserProfiles;
        DerpMap = original.DerpMap;
        Dns = original.Dns;
        Domain = original.Domain;
        PacketFilters = original.PacketFilters;
        PacketFilter = original.PacketFilter;
        Health = original.Health;
        DisplayMessages = original.DisplayMessages;
        TailnetLock = original.TailnetLock;
    }

    /// <summary>The node itself.</summary>
    public Node Self { get; init; }

    /// <summary>Peers by rising <see cref="Node.ID"/>, each ID once.</summary>
    public IReadOnlyList<Node> Peers { get; init; } = [];

    /// <summary>Every owner ever mentioned, by ID.</summary>
    public ImmutableDictionary<long, UserProfile> UserProfiles { get; init; } = ImmutableDictionary<long, UserProfile>.Empty;

    public DerpMap DerpMap { get; init; } = new() { Regions = new Dictionary<int, DerpRegion?>() };

    public DnsConfig Dns { get; init; } = new();

    /// <summary>Name of the tailnet.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Rules of the packet filter, of all <see cref="PacketFilters"/> in the order of their names.</summary>
    public IReadOnlyList<FilterRule> PacketFilter { get; init; } = [];

    /// <summary>What the server says is wrong.</summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    /// <summary>The same by name.</summary>
    public ImmutableSortedDictionary<string, DisplayMessage> DisplayMessages { get; init; } = Named<DisplayMessage>();

    /// <summary>What nodes that can check it would use to tell forged peers.</summary>
    public TailnetLockInfo? TailnetLock { get; init; }

    internal ImmutableSortedDictionary<string, IReadOnlyList<FilterRule>> PacketFilters { get; init; } = Named<IReadOnlyList<FilterRule>>();

    /// <summary>Suffix of the names of the tailnet's nodes, without dots at its ends; empty if the node has no full name.</summary>
    public string MagicDnsSuffix => Self.Name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? Self.Name[(dot + 1)..].TrimEnd('.') : "";

    private NetworkMapIndex Index => _index ??= new NetworkMapIndex(this);

    public Node? FindPeer(long id)
    {
        var place = SortedPeers.Find(Peers, id);
        return place < 0 ? null : Peers[place];
    }

    /// <summary>The node, be it this one or a peer, of this key.</summary>
    public Node? FindNode(NodePublicKey key) => Index.Find(key);

    /// <summary>The node, be it this one or a peer, that has this address as its own: not one that routes it.</summary>
    public Node? FindNode(IPAddress address) => Index.Find(address);

    /// <summary>The node, be it this one or a peer, of this full name, with or without the trailing dot, or first label.</summary>
    public Node? FindNode(string name) => Index.Find(name);

    /// <summary>Profile of the node's owner, or null if the server did not tell.</summary>
    public UserProfile? OwnerOf(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return UserProfiles.GetValueOrDefault(node.User);
    }

    private static ImmutableSortedDictionary<string, T> Named<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}
