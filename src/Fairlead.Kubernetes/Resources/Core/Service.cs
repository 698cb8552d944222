namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>One stable name and address for a set of Pods.</summary>
public sealed record Service : KubernetesObject
{
    public ServiceSpec? Spec { get; init; }

    public ServiceStatus? Status { get; init; }
}
