namespace Fairlead.Kubernetes.Resources.Apps;

public sealed record StatefulSetPersistentVolumeClaimRetentionPolicy : ExtensibleRecord
{
    public string? WhenDeleted { get; init; }

    public string? WhenScaled { get; init; }
}
