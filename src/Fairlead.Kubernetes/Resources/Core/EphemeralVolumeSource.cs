namespace Fairlead.Kubernetes.Resources.Core;

public sealed record EphemeralVolumeSource : ExtensibleRecord
{
    public PersistentVolumeClaimTemplate? VolumeClaimTemplate { get; init; }
}
