namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ConfigMapVolumeSource : ExtensibleRecord
{
    public string? Name { get; init; }

    public IReadOnlyList<KeyToPath>? Items { get; init; }

    public int? DefaultMode { get; init; }

    public bool? Optional { get; init; }
}
