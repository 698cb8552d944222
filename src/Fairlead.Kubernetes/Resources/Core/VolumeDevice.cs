namespace Fairlead.Kubernetes.Resources.Core;

public sealed record VolumeDevice : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? DevicePath { get; init; }
}
