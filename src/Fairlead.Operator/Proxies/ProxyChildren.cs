using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Proxies;

/// <summary>The objects of one standalone proxy, found by their labels.</summary>
public sealed record ProxyChildren
{
    public static readonly ProxyChildren None = new();

    private static readonly TimeSpan PodCheckInterval = TimeSpan.FromSeconds(30);

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

    /// <summary>When to ask again why Pods are missing, which no watch reports; null while none is.</summary>
    public TimeSpan? LookAgainAfter => StatefulSets is [var set, ..] && Pods.Length < (set.Spec?.Replicas ?? 1) ? PodCheckInterval : null;

    /// <summary>What there is of one replica, for what is asked about it alone.</summary>
    /// <param name="name">Of its Secret and Pod.</param>
    public ProxyChildren OfReplica(string name) => this with
    {
        Secrets = [.. Secrets.Where(secret => secret.Metadata.Name == name)],
        Pod = Pods.FirstOrDefault(pod => pod.Metadata.Name == name),
    };

    /// <summary>
    /// Which objects exist more than once, as after a restore from a backup, and what to do about it; null when none does. The operator cannot
    /// know which one users rely on.
    /// </summary>
    /// <param name="kind">Of the parent.</param>
    public string? Ambiguity(string kind)
    {
        var names = StatefulSets.Length > 1 ? StatefulSets.Select(set => $"StatefulSet {set.Metadata.Namespace}/{set.Metadata.Name}")
            : HeadlessServices.Length > 1 ? HeadlessServices.Select(service => $"Service {service.Metadata.Namespace}/{service.Metadata.Name}")
            : null;
        return names is null ? null : $"several objects carry the labels of this {kind}'s proxy: {string.Join(", ", names.Order(StringComparer.Ordinal))}; delete all but one";
    }

    /// <summary>Whether nothing is left of the proxy.</summary>
    public bool IsEmpty =>
        HeadlessServices.IsEmpty && Secrets.IsEmpty && StatefulSets.IsEmpty && MetricsServices.IsEmpty;

    /// <summary>Whether all that is left has been deleted and only waits for finalizers of others.</summary>
    public bool AreGoing => HeadlessServices.Concat<IKubernetesObject>(Secrets).Concat(StatefulSets).Concat(MetricsServices)
        .All(child => child.Metadata.DeletionTimestamp is not null);
}
