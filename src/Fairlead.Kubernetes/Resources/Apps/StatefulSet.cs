namespace Fairlead.Kubernetes.Resources.Apps;

/// <summary>Pods with stable names and storage.</summary>
public sealed record StatefulSet : KubernetesObject
{
    public StatefulSetSpec? Spec { get; init; }

    public StatefulSetStatus? Status { get; init; }
}
