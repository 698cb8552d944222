using System.Collections.Immutable;
using Fairlead.Proxy.Netfilter.Planning;

namespace Fairlead.Proxy.Netfilter.Iptables;

/// <summary>What to change in the tables of one address family so that the proxy's rules in them are the desired ones.</summary>
internal static class IptablesChanges
{
    /// <summary>Tables in which a proxy may have rules.</summary>
    public static ImmutableArray<string> Tables { get; } = [IptablesRendering.NatTable, IptablesRendering.MangleTable];

    // iptables' nf_tables variant sends changes in one message, which may not be larger than the system lets a socket's buffer be. A rule
    // takes up to 1.5 kB there, and the usual limit is 208 kB.
    private const int AtOnce = 100;

    /// <param name="present">All rules of <see cref="Tables"/>, those of one chain in their order.</param>
    /// <returns>
    /// Lines for <c>iptables-restore --noflush</c>, which makes changes up to a <c>COMMIT</c> all at once; empty if nothing is to change.
    /// </returns>
    public static ImmutableArray<string> Between(IReadOnlyList<IptablesRule> present, ImmutableArray<PacketRuleGroup> groups, string tailnetInterface)
    {
        var desired = groups
            .Select(group => (group.First, Rules: group.Rules.SelectMany(rule => IptablesRendering.Render(rule, tailnetInterface)).ToImmutableArray()))
            .ToLookup(group => (group.Rules[0].Table, group.Rules[0].Chain));
        var own = present.Where(IptablesOwnership.IsOwn).ToLookup(rule => (rule.Table, rule.Chain));
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var table in Tables)
        {
            var changes = desired.Select(chain => chain.Key).Union(own.Select(chain => chain.Key))
                .Where(key => key.Table == table)
                .SelectMany(key => InChain([.. own[key]], [.. desired[key]]))
                .ToList();
            foreach (var step in changes.Chunk(AtOnce))
            {
                lines.Add($"*{table}");
                lines.AddRange(step);
                lines.Add("COMMIT");
            }
        }

        return lines.ToImmutable();
    }

    private static IEnumerable<string> InChain(List<IptablesRule> there, List<(bool First, ImmutableArray<IptablesRule> Rules)> wanted)
    {
        var difference = ChainDifference.Between(
            [.. there.Select(rule => rule.Key)], [.. wanted.Select(group => group.Rules.Select(rule => rule.Key).ToImmutableArray())]);
        var missing = difference.Missing.Select(index => wanted[index]).ToList();

        // Of several that are alike, '-D' removes the first: it takes one line for each.
        return difference.Obsolete.Select(index => there[index]).Select(rule => $"-D {rule.Chain} {rule.Text}")
            .Concat(missing.Where(group => group.First).SelectMany(group => group.Rules).Select((rule, index) => $"-I {rule.Chain} {index + 1} {rule.Text}"))
            .Concat(missing.Where(group => !group.First).SelectMany(group => group.Rules).Select(rule => $"-A {rule.Chain} {rule.Text}"));
    }
}
