namespace Fairlead.Kubernetes.Resources.Rbac;

/// <summary>What may be done in the whole cluster.</summary>
public sealed record ClusterRole : KubernetesObject
{
    public IReadOnlyList<PolicyRule>? Rules { get; init; }

    public AggregationRule? AggregationRule { get; init; }
}
