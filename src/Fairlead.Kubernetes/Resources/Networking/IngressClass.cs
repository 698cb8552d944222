namespace Fairlead.Kubernetes.Resources.Networking;

/// <summary>Which controller serves an Ingress.</summary>
public sealed record IngressClass : KubernetesObject
{
    public IngressClassSpec? Spec { get; init; }
}
