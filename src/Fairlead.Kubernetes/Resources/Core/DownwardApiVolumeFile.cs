namespace Fairlead.Kubernetes.Resources.Core;

public sealed record DownwardApiVolumeFile : ExtensibleRecord
{
    public string? Path { get; init; }

    public ObjectFieldSelector? FieldRef { get; init; }

    public ResourceFieldSelector? ResourceFieldRef { get; init; }

    public int? Mode { get; init; }
}
