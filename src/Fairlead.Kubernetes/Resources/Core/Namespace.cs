namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>A scope for names.</summary>
public sealed record Namespace : KubernetesObject
{
    public NamespaceSpec? Spec { get; init; }

    public NamespaceStatus? Status { get; init; }
}
