namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>A chain as the kernel has it.</summary>
/// <param name="Type">Empty for a chain that is only called by others.</param>
/// <param name="Hook">Null for a chain that is only called by others.</param>
internal sealed record NftPresentChain(NftFamily Family, string Table, string Name, string Type, NftHook? Hook, string Label);
