namespace Fairlead.Kubernetes.Resources.Apps;

/// <summary>Interchangeable Pods, rolled out revision by revision.</summary>
public sealed record Deployment : KubernetesObject
{
    public DeploymentSpec? Spec { get; init; }

    public DeploymentStatus? Status { get; init; }
}
