namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ImageVolumeSource : ExtensibleRecord
{
    public string? Reference { get; init; }

    public string? PullPolicy { get; init; }
}
