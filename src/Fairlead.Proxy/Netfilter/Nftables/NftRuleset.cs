using System.Collections.Immutable;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>All tables, chains and rules of the IP families at one moment.</summary>
/// <param name="Generation">The kernel's number of that moment: changes that rest on it are refused once it has passed.</param>
/// <param name="Rules">Those of one chain in their order.</param>
internal sealed record NftRuleset(
    uint Generation, ImmutableArray<NftPresentTable> Tables, ImmutableArray<NftPresentChain> Chains, ImmutableArray<NftPresentRule> Rules);
