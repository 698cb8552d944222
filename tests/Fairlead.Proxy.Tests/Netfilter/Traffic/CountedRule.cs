namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

/// <summary>A rule in the kernel.</summary>
/// <param name="Place">Family, table and chain; for nf_tables also the rule's number, which a rule made anew does not keep.</param>
internal sealed record CountedRule(string Place, string Text, long Packets);
