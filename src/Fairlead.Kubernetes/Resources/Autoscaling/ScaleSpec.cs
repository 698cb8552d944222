namespace Fairlead.Kubernetes.Resources.Autoscaling;

public sealed record ScaleSpec : ExtensibleRecord
{
    /// <summary>The API server leaves out a zero, so unlike elsewhere absent is 0.</summary>
    public int Replicas { get; init; }
}
