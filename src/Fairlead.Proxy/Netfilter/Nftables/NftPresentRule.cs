namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>A rule as the kernel has it.</summary>
/// <param name="Handle">The kernel's number for it within its table.</param>
/// <param name="Label">Its user data; empty if it has none.</param>
/// <param name="Packets">How many it counted; 0 if it does not count.</param>
internal sealed record NftPresentRule(NftFamily Family, string Table, string Chain, ulong Handle, string Label, ulong Packets);
