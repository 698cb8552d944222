namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>A table as the kernel has it.</summary>
internal sealed record NftPresentTable(NftFamily Family, string Name, string Label);
