using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PersistentVolumeClaimSpec : ExtensibleRecord
{
    public IReadOnlyList<string>? AccessModes { get; init; }

    public LabelSelector? Selector { get; init; }

    public VolumeResourceRequirements? Resources { get; init; }

    public string? VolumeName { get; init; }

    public string? StorageClassName { get; init; }

    public string? VolumeMode { get; init; }

    public TypedObjectReference? DataSource { get; init; }

    public TypedObjectReference? DataSourceRef { get; init; }

    public string? VolumeAttributesClassName { get; init; }
}
