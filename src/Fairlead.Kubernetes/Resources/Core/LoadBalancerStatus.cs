namespace Fairlead.Kubernetes.Resources.Core;

public sealed record LoadBalancerStatus : ExtensibleRecord
{
    public IReadOnlyList<LoadBalancerIngress>? Ingress { get; init; }
}
