namespace Fairlead.Kubernetes.Resources.Autoscaling;

public sealed record ScaleSpec : ExtensibleRecord
{
    public int? Replicas { get; init; }
}
