using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources;

/// <summary>How the Pods of proxies are shaped (<c>tailscale.com/v1alpha1</c>, cluster-scoped).</summary>
public sealed record ProxyClass : KubernetesObject
{
    public const string ReadyCondition = "ProxyClassReady";

    public ProxyClassStatus? Status { get; init; }

    /// <summary>Whether the class was found valid in its present form.</summary>
    public bool IsReady => Status?.Conditions?.Any(condition =>
        condition is { Type: ReadyCondition, Status: "True" } && condition.ObservedGeneration == Metadata.Generation) == true;
}
