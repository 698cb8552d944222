namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressLoadBalancerStatus : ExtensibleRecord
{
    public IReadOnlyList<IngressLoadBalancerIngress>? Ingress { get; init; }
}
