using Fairlead.Tailnet.Protocol.Control.Dns;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Health;
using Fairlead.Tailnet.Protocol.Control.Json;
using Fairlead.Tailnet.Protocol.Control.Pings;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>A message of the map stream: what changed of the tailnet, as one node sees it. What is null is as before.</summary>
public sealed record MapResponse
{
    /// <summary>Only in the first message; empty if the session cannot be gone on with.</summary>
    public string MapSessionHandle { get; init => field = value ?? ""; } = "";

    /// <summary>Number of the message in the session, growing; 0 if the session cannot be gone on with.</summary>
    public long Seq { get; init; }

    /// <summary>Nothing but a sign of life.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>Something the node is to do and report.</summary>
    public PingRequest? PingRequest { get; init; }

    /// <summary>Page to show the user; empty for none.</summary>
    public string PopBrowserURL { get; init => field = value ?? ""; } = "";

    /// <summary>The node itself, whole.</summary>
    public Node? Node { get; init; }

    public DerpMap? DERPMap { get; init; }

    /// <summary>All peers by rising <see cref="Node.ID"/>; then the four changes below do not count. An empty list says nothing.</summary>
    public IReadOnlyList<Node>? Peers { get; init => field = WireList.OrNull(value); }

    /// <summary>Peers that are new, or whole again.</summary>
    public IReadOnlyList<Node>? PeersChanged { get; init => field = WireList.OrNull(value); }

    /// <summary>IDs of peers that are no more.</summary>
    public IReadOnlyList<long>? PeersRemoved { get; init => field = WireList.OrNull(value); }

    /// <summary>Some fields of some peers.</summary>
    public IReadOnlyList<PeerChange>? PeersChangedPatch { get; init => field = WireList.OrNull(value); }

    /// <summary>By ID: whether the peer was seen just now, or its last time is unknown.</summary>
    public IReadOnlyDictionary<long, bool>? PeerSeenChange { get; init; }

    /// <summary>By ID: whether the peer is online.</summary>
    public IReadOnlyDictionary<long, bool>? OnlineChange { get; init; }

    public DnsConfig? DNSConfig { get; init; }

    /// <summary>Name of the tailnet; empty if unchanged.</summary>
    public string Domain { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the node shall report its open ports.</summary>
    public bool? CollectServices { get; init; }

    /// <summary>Rules of the filter named <see cref="FilterRule.BaseFilter"/>. Unlike null, an empty list clears it.</summary>
    public IReadOnlyList<FilterRule>? PacketFilter { get; init => field = WireList.OrNull(value); }

    /// <summary>Filters by name; null removes that one, and null by the name <see cref="FilterRule.AllFilters"/> removes all before anything else.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FilterRule>?>? PacketFilters { get; init; }

    /// <summary>Profiles of users that were not known yet or changed.</summary>
    public IReadOnlyList<UserProfile>? UserProfiles { get; init => field = WireList.OrNull(value); }

    /// <summary>What is wrong, from the server's view. Unlike null, an empty list says that nothing is.</summary>
    public IReadOnlyList<string>? Health { get; init => field = WireList.OrNull(value); }

    /// <summary>The same by name, instead of it; null removes that message, and null by the name <see cref="DisplayMessage.All"/> removes all before anything else.</summary>
    public IReadOnlyDictionary<string, DisplayMessage?>? DisplayMessages { get; init; }

    /// <summary>Who may log in by SSH. Carried, not understood.</summary>
    public RawJson? SSHPolicy { get; init; }

    /// <summary>Time of the server.</summary>
    public DateTimeOffset? ControlTime { get; init; }

    /// <summary>State of tailnet lock.</summary>
    public TailnetLockInfo? TKAInfo { get; init; }

    public string DomainDataPlaneAuditLogID { get; init => field = value ?? ""; } = "";

    /// <summary>Instructions for this moment; not a state.</summary>
    public DebugInstructions? Debug { get; init; }

    /// <summary>Where to find the server from now on.</summary>
    public ControlDialPlan? ControlDialPlan { get; init; }

    public ClientVersion? ClientVersion { get; init; }
}
