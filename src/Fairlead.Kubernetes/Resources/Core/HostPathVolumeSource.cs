namespace Fairlead.Kubernetes.Resources.Core;

public sealed record HostPathVolumeSource : ExtensibleRecord
{
    public string? Path { get; init; }

    public string? Type { get; init; }
}
