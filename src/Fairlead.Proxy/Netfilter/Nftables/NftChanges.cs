using System.Collections.Immutable;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Planning;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>What to change in the kernel's tables so that the proxy's rules in them are the desired ones.</summary>
internal static class NftChanges
{
    /// <exception cref="ForwardingException">A chain that is needed belongs to someone else.</exception>
    public static ImmutableArray<NftOperation> Between(NftRuleset present, ImmutableArray<PacketRuleGroup> groups, string tailnetInterface)
    {
        var desired = groups
            .Select(group => (group.First, Rules: group.Rules.Select(rule => NftRuleRendering.Render(rule, tailnetInterface)).ToImmutableArray()))
            .GroupBy(group => (group.Rules[0].Family, group.Rules[0].Chain))
            .ToList();
        var operations = ImmutableArray.CreateBuilder<NftOperation>();
        AddMissingTables(present, desired.Select(chain => (chain.Key.Family, chain.Key.Chain.Table)), operations);
        AddMissingChains(present, desired.Select(chain => chain.Key), operations);

        var removed = new HashSet<NftPresentRule>();
        var own = present.Rules.Where(NftOwnership.IsOwn).ToLookup(rule => (rule.Family, rule.Table, rule.Chain));
        foreach (var chain in desired)
        {
            var there = own[(chain.Key.Family, chain.Key.Chain.Table, chain.Key.Chain.Name)].ToList();
            var wanted = chain.ToList();
            var difference = ChainDifference.Between(
                [.. there.Select(rule => rule.Label)], [.. wanted.Select(group => group.Rules.Select(rule => rule.Label).ToImmutableArray())]);
            removed.UnionWith(difference.Obsolete.Select(index => there[index]));
            var missing = difference.Missing.Select(index => wanted[index]).ToList();

            // The last to be put at the front is the first.
            operations.AddRange(missing.Where(group => group.First).SelectMany(group => group.Rules).Reverse().Select(NftOperation.InsertRule));
            operations.AddRange(missing.Where(group => !group.First).SelectMany(group => group.Rules).Select(NftOperation.AppendRule));
        }

        var needed = desired.Select(chain => (chain.Key.Family, chain.Key.Chain.Table, chain.Key.Chain.Name)).ToHashSet();
        removed.UnionWith(own.Where(chain => !needed.Contains(chain.Key)).SelectMany(chain => chain));
        operations.AddRange(present.Rules.Where(removed.Contains).Select(NftOperation.DeleteRule));
        RemoveEmpty(present, removed, needed, operations);
        return operations.ToImmutable();
    }

    private static void AddMissingTables(
        NftRuleset present, IEnumerable<(NftFamily Family, string Table)> needed, ImmutableArray<NftOperation>.Builder operations)
    {
        foreach (var (family, table) in needed.Distinct())
        {
            if (!present.Tables.Any(there => there.Family == family && there.Name == table))
            {
                operations.Add(NftOperation.AddTable(family, table));
            }
        }
    }

    private static void AddMissingChains(
        NftRuleset present, IEnumerable<(NftFamily Family, NftBaseChain Chain)> needed, ImmutableArray<NftOperation>.Builder operations)
    {
        foreach (var (family, chain) in needed)
        {
            var there = present.Chains.FirstOrDefault(there => there.Family == family && there.Table == chain.Table && there.Name == chain.Name);
            if (there is null)
            {
                operations.Add(NftOperation.AddChain(family, chain));
            }
            else if (there.Type != chain.Type || there.Hook != chain.Hook)
            {
                throw new ForwardingException(
                    $"The nftables chain '{chain.Name}' in table '{family.Word()} {chain.Table}' exists, but not as 'type {chain.Type} hook {chain.Hook.ToString().ToLowerInvariant()}'; remove it or rename the service that needs it.");
            }
        }
    }

    /// <summary>Removes chains and tables that a proxy made and nobody uses any more.</summary>
    private static void RemoveEmpty(
        NftRuleset present,
        HashSet<NftPresentRule> removed,
        HashSet<(NftFamily Family, string Table, string Chain)> needed,
        ImmutableArray<NftOperation>.Builder operations)
    {
        var used = present.Rules.Where(rule => !removed.Contains(rule)).Select(rule => (rule.Family, rule.Table, rule.Chain)).Concat(needed).ToHashSet();
        var emptied = present.Chains.Where(chain => chain.Label == NftOwnership.Mark && !used.Contains((chain.Family, chain.Table, chain.Name))).ToHashSet();
        operations.AddRange(emptied.Select(chain => NftOperation.DeleteChain(chain.Family, chain.Table, chain.Name)));

        var tables = present.Chains.Where(chain => !emptied.Contains(chain)).Select(chain => (chain.Family, chain.Table))
            .Concat(needed.Select(chain => (chain.Family, chain.Table)))
            .ToHashSet();
        operations.AddRange(present.Tables
            .Where(table => table.Label == NftOwnership.Mark && !tables.Contains((table.Family, table.Name)))
            .Select(table => NftOperation.DeleteTable(table.Family, table.Name)));
    }
}
