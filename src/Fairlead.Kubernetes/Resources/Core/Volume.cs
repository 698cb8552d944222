namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>Storage a Pod's containers can mount; kinds this type does not name (NFS, iSCSI, …) survive in <see cref="ExtensibleRecord.Extra"/>.</summary>
public sealed record Volume : ExtensibleRecord
{
    public string? Name { get; init; }

    public SecretVolumeSource? Secret { get; init; }

    public ConfigMapVolumeSource? ConfigMap { get; init; }

    public ProjectedVolumeSource? Projected { get; init; }

    public EmptyDirVolumeSource? EmptyDir { get; init; }

    public HostPathVolumeSource? HostPath { get; init; }

    public DownwardApiVolumeSource? DownwardAPI { get; init; }

    public PersistentVolumeClaimVolumeSource? PersistentVolumeClaim { get; init; }

    public CsiVolumeSource? Csi { get; init; }

    public EphemeralVolumeSource? Ephemeral { get; init; }

    public ImageVolumeSource? Image { get; init; }
}
