namespace Fairlead.Kubernetes.Resources.Autoscaling;

public sealed record ScaleStatus : ExtensibleRecord
{
    public int Replicas { get; init; }

    /// <summary>Label selector of the Pods that are counted, as text.</summary>
    public string? Selector { get; init; }
}
