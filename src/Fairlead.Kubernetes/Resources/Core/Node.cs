namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>A machine that runs Pods.</summary>
public sealed record Node : KubernetesObject
{
    public NodeSpec? Spec { get; init; }

    public NodeStatus? Status { get; init; }
}
