namespace Fairlead.Kubernetes.Resources.Rbac;

/// <summary>What may be done within a namespace.</summary>
public sealed record Role : KubernetesObject
{
    public IReadOnlyList<PolicyRule>? Rules { get; init; }
}
