using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Rbac;

public sealed record AggregationRule : ExtensibleRecord
{
    public IReadOnlyList<LabelSelector>? ClusterRoleSelectors { get; init; }
}
