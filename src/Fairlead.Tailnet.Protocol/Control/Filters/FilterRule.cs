using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Filters;

/// <summary>A rule of the packet filter: who may send what where, or who has which capabilities toward whom.</summary>
public sealed record FilterRule
{
    /// <summary>Name of the filter that <see cref="Maps.MapResponse.PacketFilter"/> sets.</summary>
    public const string BaseFilter = "base";

    /// <summary>Name that stands for all filters.</summary>
    public const string AllFilters = "*";

    /// <summary><c>*</c>, addresses, prefixes, ranges <c>a-b</c>, or <c>cap:&lt;name&gt;</c> for peers with that capability.</summary>
    public IReadOnlyList<string> SrcIPs { get; init => field = WireList.Of(value); } = [];

    /// <summary>Prefix lengths of <see cref="SrcIPs"/>, as older servers write them.</summary>
    public IReadOnlyList<int> SrcBits { get; init => field = WireList.Of(value); } = [];

    public IReadOnlyList<NetPortRange> DstPorts { get; init => field = WireList.Of(value); } = [];

    /// <summary>IP protocol numbers; empty stands for TCP, UDP, ICMP and ICMPv6.</summary>
    public IReadOnlyList<int> IPProto { get; init => field = WireList.Of(value); } = [];

    /// <summary>With these the rule lets nothing through.</summary>
    public IReadOnlyList<CapGrant> CapGrant { get; init => field = WireList.Of(value); } = [];
}
