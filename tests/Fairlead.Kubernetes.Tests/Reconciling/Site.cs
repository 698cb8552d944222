using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Tests.Reconciling;

/// <summary>A custom type with a status.</summary>
internal sealed record Site : KubernetesObject
{
    public SiteStatus? Status { get; init; }
}

internal sealed record SiteStatus
{
    public string? Phase { get; init; }
}
