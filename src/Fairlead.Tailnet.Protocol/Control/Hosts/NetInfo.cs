using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Hosts;

/// <summary>What a node found out about the network it is in. Null booleans are unknown.</summary>
public sealed record NetInfo
{
    /// <summary>Whether the NAT shows another port to each destination, which makes direct paths hard.</summary>
    public bool? MappingVariesByDestIP { get; init; }

    public bool? WorkingIPv6 { get; init; }

    public bool? OSHasIPv6 { get; init; }

    public bool? WorkingUDP { get; init; }

    public bool? WorkingICMPv4 { get; init; }

    public bool HavePortMap { get; init; }

    public bool? UPnP { get; init; }

    public bool? PMP { get; init; }

    public bool? PCP { get; init; }

    /// <summary>Home region, where peers reach the node by relay; 0 if there is none.</summary>
    public int PreferredDERP { get; init; }

    public string LinkType { get; init => field = value ?? ""; } = "";

    /// <summary>Seconds by <c>&lt;region&gt;-v4</c> or <c>-v6</c>.</summary>
    public IReadOnlyDictionary<string, double> DERPLatency { get; init => field = WireList.Map(value); } = new Dictionary<string, double>();

    public string FirewallMode { get; init => field = value ?? ""; } = "";
}
