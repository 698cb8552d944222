using Fairlead.Dev.Tailnet.Coordination.Users;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Policy.Evaluation;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>
/// A node at one moment, and how other nodes are told of it. Immutable; its JSON is made once, however many streams send it.
/// </summary>
internal sealed class NodeView
{
    private readonly Lazy<byte[]> _json;
    private readonly Lazy<byte[]> _lastingJson;
    private PatchCache? _patch;

    public NodeView(TailnetDevice device, PolicyNode policy, IReadOnlyList<IPPrefix> primaryRoutes, TailnetUser? user, bool expired)
    {
        Device = device;
        Policy = policy;
        PrimaryRoutes = primaryRoutes;
        User = user;
        Expired = expired;
        Id = long.Parse(device.Id, System.Globalization.CultureInfo.InvariantCulture);
        Peer = ToNode();
        _json = new Lazy<byte[]>(() => ControlJson.Serialize(Peer));
        _lastingJson = new Lazy<byte[]>(() => ControlJson.Serialize(WithoutPatchable(Peer)));
    }

    public long Id { get; }

    public TailnetDevice Device { get; }

    public PolicyNode Policy { get; }

    /// <summary>Subnet routes and service addresses for which this node is the one to use.</summary>
    public IReadOnlyList<IPPrefix> PrimaryRoutes { get; }

    /// <summary>Its owner; null for a tagged node.</summary>
    public TailnetUser? User { get; }

    public bool Expired { get; }

    public DeviceNode Node => Device.Node!;

    /// <summary>Does it take part, or has it yet to be approved or to log in again?</summary>
    public bool IsUsable => Device.Authorized && !Expired;

    /// <summary>As other nodes see it.</summary>
    public Node Peer { get; }

    public byte[] Json => _json.Value;

    /// <summary>Is it made of the same parts?</summary>
    public bool Matches(TailnetDevice device, PolicyNode policy, IReadOnlyList<IPPrefix> primaryRoutes, bool expired) =>
        ReferenceEquals(Device, device) && expired == Expired && PrimaryRoutes.SequenceEqual(primaryRoutes)
        && (ReferenceEquals(Policy, policy)
            || (Policy.IsExitNode == policy.IsExitNode && Policy.Routes.SequenceEqual(policy.Routes) && Policy.Services.SequenceEqual(policy.Services)));

    /// <summary>The change that leads here from an earlier view; null if the node has to be sent whole.</summary>
    public byte[]? PatchFrom(NodeView earlier)
    {
        if (_patch is { } cached && ReferenceEquals(cached.From, earlier)) return cached.Json;
        var json = CanPatch(earlier) ? ControlJson.Serialize(ToPatch(earlier.Peer)) : null;
        _patch = new PatchCache(earlier, json);
        return json;
    }

    // A patch cannot take away: what becomes empty needs the whole node.
    private bool CanPatch(NodeView earlier) =>
        !(Peer.Endpoints.Count == 0 && earlier.Peer.Endpoints.Count > 0)
        && !(Peer.HomeDERP == 0 && earlier.Peer.HomeDERP != 0)
        && !(Peer.DiscoKey.IsZero && !earlier.Peer.DiscoKey.IsZero)
        && !(Peer.KeyExpiry == default && earlier.Peer.KeyExpiry != default)
        && _lastingJson.Value.AsSpan().SequenceEqual(earlier._lastingJson.Value);

    private PeerChange ToPatch(Node earlier) => new()
    {
        NodeID = Id,
        DERPRegion = Peer.HomeDERP == earlier.HomeDERP ? 0 : Peer.HomeDERP,
        Cap = Peer.Cap == earlier.Cap ? 0 : Peer.Cap,
        Endpoints = Peer.Endpoints.SequenceEqual(earlier.Endpoints) ? null : Peer.Endpoints,
        Key = Peer.Key == earlier.Key ? null : Peer.Key,
        DiscoKey = Peer.DiscoKey == earlier.DiscoKey ? null : Peer.DiscoKey,
        Online = Peer.Online == earlier.Online ? null : Peer.Online,
        LastSeen = Peer.LastSeen == earlier.LastSeen ? null : Peer.LastSeen,
        KeyExpiry = Peer.KeyExpiry == earlier.KeyExpiry ? null : Peer.KeyExpiry,
    };

    private static Node WithoutPatchable(Node node) => node with
    {
        HomeDERP = 0,
        LegacyDerp = "",
        Cap = 0,
        Endpoints = [],
        Key = default,
        DiscoKey = default,
        Online = null,
        LastSeen = null,
        KeyExpiry = default,
    };

    private Node ToNode()
    {
        var derp = Node.Hostinfo.NetInfo?.PreferredDERP ?? 0;
        var label = Device.Name.Split('.')[0];
        return new Node
        {
            ID = Id,
            StableID = Device.NodeId,
            Name = Device.Name + ".",
            User = User?.Id ?? UserDirectory.TaggedDevicesId,
            Key = Node.NodeKey,
            KeyExpiry = Device.KeyExpiry ?? default,
            Machine = Node.MachineKey,
            DiscoKey = Node.DiscoKey,
            Addresses = Policy.Addresses,
            AllowedIPs = [.. Policy.Addresses, .. PrimaryRoutes, .. Policy.IsExitNode ? ExitRoutes : []],
            Endpoints = Node.Endpoints,
            HomeDERP = derp,
            LegacyDerp = derp == 0 ? "" : $"127.3.3.40:{derp}",
            Hostinfo = ToPeers(Node.Hostinfo),
            Created = Device.Created,
            Cap = Node.CapabilityVersion,
            Tags = Device.Tags,
            // Addresses of services are no subnets that a client may choose not to use.
            PrimaryRoutes = [.. PrimaryRoutes.Where(Policy.Routes.Contains)],
            LastSeen = Node.LastSeen,
            Online = Node.Online,
            MachineAuthorized = Device.Authorized,
            ComputedName = label,
            ComputedNameWithHost = label.Equals(Device.Hostname, StringComparison.OrdinalIgnoreCase) ? label : $"{label} ({Device.Hostname})",
            Expired = Expired,
        };
    }

    private static readonly IPPrefix[] ExitRoutes = [IPPrefix.Parse("0.0.0.0/0"), IPPrefix.Parse("::/0")];

    // Peers need to know how to use the node, not what its machine and network are like.
    private static Hostinfo ToPeers(Hostinfo own) => new()
    {
        OS = own.OS,
        Hostname = own.Hostname,
        App = own.App,
        ShareeNode = own.ShareeNode,
        ShieldsUp = own.ShieldsUp,
        Services = own.Services,
        SshHostKeys = own.SshHostKeys,
        PeerRelay = own.PeerRelay,
        Location = own.Location,
    };

    private sealed record PatchCache(NodeView From, byte[]? Json);
}
