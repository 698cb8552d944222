namespace Fairlead.Kubernetes.Resources.Autoscaling;

public sealed record ScaleStatus : ExtensibleRecord
{
    public int? Replicas { get; init; }

    public string? Selector { get; init; }
}
