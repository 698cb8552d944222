namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ProjectedVolumeSource : ExtensibleRecord
{
    public IReadOnlyList<VolumeProjection>? Sources { get; init; }

    public int? DefaultMode { get; init; }
}
