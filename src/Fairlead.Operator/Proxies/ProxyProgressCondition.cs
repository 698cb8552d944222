using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Proxies;

/// <summary>The condition, Fairlead's own, by which parents tell whether their proxy is up and what keeps it from being so.</summary>
internal static class ProxyProgressCondition
{
    public const string Type = "TailscaleProxyRunning";

    public static Condition? In(IReadOnlyList<Condition>? conditions) => conditions?.FirstOrDefault(static condition => condition.Type == Type);

    /// <inheritdoc cref="ProxyConditions.With"/>
    public static ImmutableArray<Condition> With(
        IReadOnlyList<Condition>? conditions, ProxyProgress progress, DateTimeOffset now, long? observedGeneration = null)
    {
        // The condition's time tells when a removal began, also where the proxy was not running before.
        var begins = ProxyRemoval.IsPartOf(progress.Reason) && !ProxyRemoval.HasBegun(In(conditions));
        return ProxyConditions.With(
            begins ? ProxyConditions.Without(conditions, Type) : conditions, Type, progress.Running, progress.Reason, progress.Message, now, observedGeneration);
    }
}
