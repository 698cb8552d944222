using System.Collections.Frozen;
using System.Collections.Immutable;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Filtering;

/// <summary>What may come in, compiled from the rules of one network map. Immutable.</summary>
internal sealed class FilterProgram
{
    /// <summary>Before the first network map: nothing comes in.</summary>
    public static readonly FilterProgram DenyAll = new();

    /// <summary>An array, so that going through them allocates nothing.</summary>
    public ImmutableArray<CompiledRule> Rules { get; init; } = [];

    public IReadOnlyList<CompiledGrant> Grants { get; init; } = [];

    /// <summary>Addresses that packets may be for: the node's own, its services' and those of the subnets it leads to.</summary>
    public AddressSet Local { get; init; } = AddressSet.Empty;

    /// <summary>Of these, what lies beyond this node: the subnets and the internet that it leads to.</summary>
    public AddressSet Beyond { get; init; } = AddressSet.Empty;

    /// <summary>Peers that may answer but not begin, from whichever address they speak.</summary>
    public FrozenSet<NodePublicKey> Jailed { get; init; } = [];

    /// <summary>Whether a rule lets <paramref name="source"/> begin a conversation.</summary>
    public bool Allows(UInt128 source, UInt128 destination, ushort port, byte protocol)
    {
        foreach (var rule in Rules)
        {
            if (rule.Allows(source, destination, port, protocol))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether <paramref name="source"/> may have a conversation that it began here.</summary>
    /// <param name="peer">Whom packets from there come from.</param>
    public bool Permits(NodePublicKey peer, UInt128 source, UInt128 destination, ushort port, byte protocol) =>
        Local.Contains(destination) && !Jailed.Contains(peer) && Allows(source, destination, port, protocol);

    /// <summary>What <paramref name="source"/> may do at <paramref name="destination"/>: by capability the values of all matching grants.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Capabilities(UInt128 source, UInt128 destination)
    {
        var merged = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var grant in Grants)
        {
            if (!grant.Sources.Contains(source) || !grant.Destinations.Contains(destination))
            {
                continue;
            }

            foreach (var (name, values) in grant.Capabilities)
            {
                merged[name] = merged.TryGetValue(name, out var earlier) ? [.. earlier, .. values] : values;
            }
        }

        return merged;
    }
}
