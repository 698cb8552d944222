using System.Collections.Immutable;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>The node ports that classes claim, of which no two may share one.</summary>
internal static class StaticEndpointPorts
{
    private const string Path = "spec.staticEndpoints.nodePort.ports";
    private const int MaxPort = 65535;

    public static ImmutableArray<PortRange> Of(ProxyClass proxyClass) =>
        [.. proxyClass.Spec?.StaticEndpoints?.NodePort?.Ports?.Select(PortRange.Of) ?? []];

    /// <param name="others">Classes whose claims stand.</param>
    /// <param name="cluster">The cluster's node ports; null: unknown, not checked.</param>
    public static IEnumerable<string> Violations(ProxyClass proxyClass, ImmutableArray<ProxyClass> others, PortRange? cluster)
    {
        var ranges = Of(proxyClass);
        foreach (var range in ranges)
        {
            if (range.First is < 1 or > MaxPort || range.Last > MaxPort)
            {
                yield return $"{Path}: \"{range}\" is no range of ports; ports go from 1 to {MaxPort}";
            }
            else if (range.Last < range.First)
            {
                yield return $"{Path}: \"{range}\" ends before it begins; endPort must not be less than port";
            }
            else if (cluster is { } allowed && !allowed.Contains(range))
            {
                yield return $"{Path}: \"{range}\" is outside the cluster's node ports, {allowed}";
            }
        }

        foreach (var violation in Clashes(ranges, others.Where(other => other.Metadata.Name != proxyClass.Metadata.Name)))
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> Clashes(ImmutableArray<PortRange> ranges, IEnumerable<ProxyClass> others)
    {
        foreach (var other in others)
        {
            foreach (var (mine, theirs) in from mine in ranges from theirs in Of(other) where mine.Overlaps(theirs) select (mine, theirs))
            {
                yield return $"{Path}: \"{mine}\" overlaps \"{theirs}\" of the ProxyClass \"{other.Metadata.Name}\"; choose ports that no class has";
            }
        }

        var sorted = ranges.Sort((left, right) => left.First.CompareTo(right.First));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Overlaps(sorted[i - 1]))
            {
                yield return $"{Path}: \"{sorted[i]}\" overlaps \"{sorted[i - 1]}\" of the same class; merge them";
            }
        }
    }
}
