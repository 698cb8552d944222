using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ServiceStatus : ExtensibleRecord
{
    public LoadBalancerStatus? LoadBalancer { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }
}
