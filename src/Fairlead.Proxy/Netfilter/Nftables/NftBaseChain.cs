namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>A chain that the kernel calls at one point of a packet's way.</summary>
internal sealed record NftBaseChain(string Table, string Name, string Type, NftHook Hook, int Priority)
{
    // linux/netfilter_ipv4.h, linux/netfilter_ipv6.h: NF_IP_PRI_NAT_DST, NF_IP_PRI_NAT_SRC, NF_IP_PRI_MANGLE.
    private const int DestinationNat = -100;
    private const int SourceNat = 100;
    private const int Mangle = -150;

    public const string NatTable = "nat";
    public const string FilterTable = "filter";

    public static NftBaseChain Prerouting { get; } = new(NatTable, "PREROUTING", "nat", NftHook.Prerouting, DestinationNat);

    public static NftBaseChain Postrouting { get; } = new(NatTable, "POSTROUTING", "nat", NftHook.Postrouting, SourceNat);

    public static NftBaseChain Clamp { get; } = new(FilterTable, "ts-clamp", "filter", NftHook.Forward, Mangle);

    /// <summary>The chain of one egress service: its port maps come and go without touching those of others.</summary>
    public static NftBaseChain ForService(string service) => new(NatTable, service, "nat", NftHook.Prerouting, DestinationNat);
}
