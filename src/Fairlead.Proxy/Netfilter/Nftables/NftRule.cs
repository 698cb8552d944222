using System.Collections.Immutable;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>A rule as desired.</summary>
/// <param name="Label">User data by which the rule is found again. It says everything that the rule depends on.</param>
/// <param name="Text">The rule as nft(8) writes it, for errors.</param>
internal sealed record NftRule(NftFamily Family, NftBaseChain Chain, string Label, string Text, ImmutableArray<NftExpression> Expressions);
