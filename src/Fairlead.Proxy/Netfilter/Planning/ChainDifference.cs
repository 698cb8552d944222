using System.Collections.Immutable;

namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>What must happen to the proxy's rules in one chain.</summary>
/// <param name="Obsolete">Which of the present rules go, by their index.</param>
/// <param name="Missing">Which of the desired groups come, by their index.</param>
internal sealed record ChainDifference(ImmutableArray<int> Obsolete, ImmutableArray<int> Missing)
{
    /// <param name="present">Keys of the proxy's rules in the chain, in order.</param>
    /// <param name="desired">Keys of the rules of each group, in order. A group is replaced whole unless it is there whole, once and in order.</param>
    public static ChainDifference Between(IReadOnlyList<string> present, IReadOnlyList<ImmutableArray<string>> desired)
    {
        var kept = new HashSet<int>();
        var missing = ImmutableArray.CreateBuilder<int>();
        for (var group = 0; group < desired.Count; group++)
        {
            var found = Enumerable.Range(0, present.Count).Where(index => desired[group].Contains(present[index])).ToList();
            if (found.Select(index => present[index]).SequenceEqual(desired[group]))
            {
                kept.UnionWith(found);
            }
            else
            {
                missing.Add(group);
            }
        }

        return new([.. Enumerable.Range(0, present.Count).Where(index => !kept.Contains(index))], missing.ToImmutable());
    }
}
