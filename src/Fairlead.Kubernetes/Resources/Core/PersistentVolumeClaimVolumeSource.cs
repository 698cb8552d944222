namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PersistentVolumeClaimVolumeSource : ExtensibleRecord
{
    public string? ClaimName { get; init; }

    public bool? ReadOnly { get; init; }
}
