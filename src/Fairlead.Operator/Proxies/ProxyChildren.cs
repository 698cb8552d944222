using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Proxies;

/// <summary>The objects of one standalone proxy, found by their labels.</summary>
public sealed record ProxyChildren
{
    public static readonly ProxyChildren None = new();

    public ImmutableArray<Service> HeadlessServices { get; init; } = [];

    public ImmutableArray<Secret> Secrets { get; init; } = [];

    public ImmutableArray<StatefulSet> StatefulSets { get; init; } = [];

    /// <summary>The first replica's Pod, as far as it runs.</summary>
    public Pod? Pod { get; init; }

    /// <summary>All Pods that carry the parent's labels, those that are ending included.</summary>
    public ImmutableArray<Pod> Pods { get; init; } = [];

    /// <summary>The Service for metrics, be it wanted or left by another ProxyClass.</summary>
    public ImmutableArray<Service> MetricsServices { get; init; } = [];

    /// <summary>Why Kubernetes refuses to make the Pod, from the StatefulSet's Events; null when it does not.</summary>
    public string? PodRefusal { get; init; }

    /// <summary>Whether nothing is left of the proxy.</summary>
    public bool IsEmpty =>
        HeadlessServices.IsEmpty && Secrets.IsEmpty && StatefulSets.IsEmpty && MetricsServices.IsEmpty;

    /// <summary>Whether all that is left has been deleted and only waits for finalizers of others.</summary>
    public bool AreGoing => HeadlessServices.Concat<IKubernetesObject>(Secrets).Concat(StatefulSets).Concat(MetricsServices)
        .All(child => child.Metadata.DeletionTimestamp is not null);
}
