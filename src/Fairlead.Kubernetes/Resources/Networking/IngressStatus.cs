namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressStatus : ExtensibleRecord
{
    public IngressLoadBalancerStatus? LoadBalancer { get; init; }
}
