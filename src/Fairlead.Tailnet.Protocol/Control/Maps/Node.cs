using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using Fairlead.Tailnet.Protocol.Control.Dns;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Json;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>A node of a tailnet, as the server shows it to another or to itself.</summary>
public sealed record Node
{
    /// <summary>Host part of the text form that regions had before <see cref="HomeDERP"/>.</summary>
    private const string LegacyDerpPrefix = "127.3.3.40:";

    /// <summary>Number of the node within its server.</summary>
    public long ID { get; init; }

    /// <summary>Text that outlives servers.</summary>
    public string StableID { get; init => field = value ?? ""; } = "";

    /// <summary>Full name, with the trailing dot.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>ID of the owner's <see cref="UserProfile"/>.</summary>
    public long User { get; init; }

    /// <summary>ID of the user who shared the node into this tailnet; 0 for none.</summary>
    public long Sharer { get; init; }

    public NodePublicKey Key { get; init; }

    /// <summary>The default value for never.</summary>
    public DateTimeOffset KeyExpiry { get; init; }

    /// <summary>Tailnet-lock signature of <see cref="Key"/>.</summary>
    public byte[]? KeySignature { get; init; }

    public MachinePublicKey Machine { get; init; }

    public DiscoPublicKey DiscoKey { get; init; }

    /// <summary>Its own addresses.</summary>
    public IReadOnlyList<IPPrefix> Addresses { get; init => field = WireList.Of(value); } = [];

    /// <summary>Destinations that go to it, and sources that may come from it. Null stands for <see cref="Addresses"/>; see <see cref="EffectiveAllowedIPs"/>.</summary>
    public IReadOnlyList<IPPrefix>? AllowedIPs { get; init => field = WireList.OrNull(value); }

    /// <summary>Where it may be reached directly.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints { get; init => field = WireList.Of(value); } = [];

    /// <summary>The home region as older servers write it; see <see cref="HomeDerpRegion"/>.</summary>
    [JsonPropertyName("DERP")]
    public string LegacyDerp { get; init => field = value ?? ""; } = "";

    /// <summary>Region where it listens for relayed packets; 0 if <see cref="LegacyDerp"/> says it, or if unknown.</summary>
    public int HomeDERP { get; init; }

    public Hostinfo? Hostinfo { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>See <see cref="CapabilityVersion"/>; 0 if unknown.</summary>
    public int Cap { get; init; }

    /// <summary>Tags it bears, as <c>tag:name</c>; a tagged node belongs to no person.</summary>
    public IReadOnlyList<string> Tags { get; init => field = WireList.Of(value); } = [];

    /// <summary>Of <see cref="AllowedIPs"/>, routes of which it is at present the one to use.</summary>
    public IReadOnlyList<IPPrefix> PrimaryRoutes { get; init => field = WireList.Of(value); } = [];

    /// <summary>When an offline node was last connected to the server; null if unknown or never.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Null if unknown.</summary>
    public bool? Online { get; init; }

    public bool MachineAuthorized { get; init; }

    /// <summary>Capabilities without arguments, as older servers write them; see <see cref="CapMap"/>.</summary>
    public IReadOnlyList<string> Capabilities { get; init => field = WireList.Of(value); } = [];

    /// <summary>What the node may do, with arguments.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RawJson>> CapMap { get; init => field = WireList.MapOfLists(value); } = new Dictionary<string, IReadOnlyList<RawJson>>();

    /// <summary>Reachable although not signed by tailnet lock, for its peer API alone.</summary>
    public bool UnsignedPeerAPIOnly { get; init; }

    /// <summary>Name for people.</summary>
    public string ComputedName { get; init => field = value ?? ""; } = "";

    /// <summary><see cref="ComputedName"/>, and the host name where it differs.</summary>
    public string ComputedNameWithHost { get; init => field = value ?? ""; } = "";

    public string DataPlaneAuditLogID { get; init => field = value ?? ""; } = "";

    /// <summary>Its key has expired.</summary>
    public bool Expired { get; init; }

    /// <summary>IPv4 address by which this peer knows us, if another than our own.</summary>
    public IPAddress? SelfNodeV4MasqAddrForThisPeer { get; init; }

    /// <summary>IPv6 address by which this peer knows us, if another than our own.</summary>
    public IPAddress? SelfNodeV6MasqAddrForThisPeer { get; init; }

    /// <summary>Speaks WireGuard, but neither path discovery nor DERP.</summary>
    public bool IsWireGuardOnly { get; init; }

    /// <summary>May be connected to, but may not connect to us.</summary>
    public bool IsJailed { get; init; }

    /// <summary>Resolvers to use while it is the exit node.</summary>
    public IReadOnlyList<DnsResolver> ExitNodeDNSResolvers { get; init => field = WireList.Of(value); } = [];

    /// <summary><see cref="AllowedIPs"/> with its default applied.</summary>
    [JsonIgnore]
    public IReadOnlyList<IPPrefix> EffectiveAllowedIPs => AllowedIPs ?? Addresses;

    /// <summary>The home region from <see cref="HomeDERP"/> or else <see cref="LegacyDerp"/>; 0 if unknown.</summary>
    [JsonIgnore]
    public int HomeDerpRegion =>
        HomeDERP != 0 ? HomeDERP
        : LegacyDerp.StartsWith(LegacyDerpPrefix, StringComparison.Ordinal)
            && int.TryParse(LegacyDerp.AsSpan(LegacyDerpPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var region) ? region
        : 0;

    [JsonIgnore]
    public bool IsTagged => Tags.Count > 0;

    /// <summary>Whether it has the capability, with or without arguments.</summary>
    public bool HasCapability(string capability) => CapMap.ContainsKey(capability) || Capabilities.Contains(capability);

    /// <summary>Whether its key can no longer be used at this time.</summary>
    public bool IsExpiredAt(DateTimeOffset time) => Expired || (KeyExpiry != default && KeyExpiry <= time);
}
