namespace Fairlead.Kubernetes.Resources.Autoscaling;

/// <summary>The <c>scale</c> subresource of a workload.</summary>
public sealed record Scale : KubernetesObject
{
    public ScaleSpec? Spec { get; init; }

    public ScaleStatus? Status { get; init; }
}
