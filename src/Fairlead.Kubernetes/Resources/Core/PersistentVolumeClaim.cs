namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>A claim to storage.</summary>
public sealed record PersistentVolumeClaim : KubernetesObject
{
    public PersistentVolumeClaimSpec? Spec { get; init; }

    public PersistentVolumeClaimStatus? Status { get; init; }
}
