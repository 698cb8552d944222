namespace Fairlead.Kubernetes.Resources.Networking;

/// <summary>HTTP routes from outside to Services.</summary>
public sealed record Ingress : KubernetesObject
{
    public IngressSpec? Spec { get; init; }

    public IngressStatus? Status { get; init; }
}
