namespace Fairlead.Kubernetes.Resources.Core;

public sealed record DownwardApiProjection : ExtensibleRecord
{
    public IReadOnlyList<DownwardApiVolumeFile>? Items { get; init; }
}
