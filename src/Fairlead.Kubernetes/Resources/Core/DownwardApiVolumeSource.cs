namespace Fairlead.Kubernetes.Resources.Core;

public sealed record DownwardApiVolumeSource : ExtensibleRecord
{
    public IReadOnlyList<DownwardApiVolumeFile>? Items { get; init; }

    public int? DefaultMode { get; init; }
}
