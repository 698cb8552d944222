namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>Identity of what runs in a Pod.</summary>
public sealed record ServiceAccount : KubernetesObject
{
    public IReadOnlyList<ObjectReference>? Secrets { get; init; }

    public IReadOnlyList<LocalObjectReference>? ImagePullSecrets { get; init; }

    public bool? AutomountServiceAccountToken { get; init; }
}
