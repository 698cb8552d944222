using System.Collections.Immutable;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;

namespace Fairlead.Operator.Proxies;

/// <summary>Finds the objects of a proxy by their parent labels.</summary>
public sealed class ProxyChildrenObserver(
    OperatorSettings settings,
    PodRefusals refusals,
    IObjectCache<Service> services,
    IObjectCache<Secret> secrets,
    IObjectCache<StatefulSet> statefulSets,
    IObjectCache<Pod> pods,
    KubernetesClient client,
    TimeProvider time)
{
    /// <summary>Index over <see cref="ProxyParent.IndexKey"/> that each cache must have.</summary>
    public const string ParentIndex = "parent";

    /// <summary>How long a StatefulSet may be without its Pod before its Events are asked why.</summary>
    private static readonly TimeSpan PodPatience = TimeSpan.FromSeconds(10);

    public static IEnumerable<string> ParentIndexKeys(IKubernetesObject child) =>
        ProxyLabels.ParentOf(child.Metadata.Labels) is { } parent ? [parent.IndexKey] : [];

    public async ValueTask<ProxyChildren> ObserveAsync(ProxyParent parent, CancellationToken cancellationToken)
    {
        var headless = InOperatorNamespace(services.ByIndex(ParentIndex, parent.IndexKey));
        var sets = InOperatorNamespace(statefulSets.ByIndex(ParentIndex, parent.IndexKey));
        var state = InOperatorNamespace(secrets.ByIndex(ParentIndex, parent.IndexKey));
        var pod = sets is [{ Metadata.Name: { } set }] ? pods.Get(new ObjectKey(settings.Namespace, ProxyNames.Replica(set, 0))) : null;
        var remaining = InOperatorNamespace(pods.ByIndex(ParentIndex, parent.IndexKey));
        if (sets.IsEmpty && remaining.IsEmpty && PodNameOf(headless, state) is { } name)
        {
            remaining = await LatePodAsync(name, cancellationToken).ConfigureAwait(false);
        }

        return new ProxyChildren
        {
            HeadlessServices = headless,
            StatefulSets = sets,
            Secrets = state,
            Pod = pod,
            Pods = remaining,
            MetricsServices = [.. headless.Select(service => service.Metadata.Name)
                .Concat(sets.Select(set => set.Metadata.Name))
                .Distinct(StringComparer.Ordinal)
                .Select(owner => services.Get(new ObjectKey(settings.Namespace, ProxyMetricsService.NameFor(owner ?? ""))))
                .OfType<Service>()
                .Where(service => service.Metadata.Labels?.ContainsKey(ProxyLabels.Managed) == true)],
            PodRefusal = sets is [var overdue] && remaining.Length < (overdue.Spec?.Replicas ?? 1) ? await RefusalAsync(overdue, cancellationToken).ConfigureAwait(false) : null,
        };
    }

    /// <summary>
    /// What is left of the proxy of a parent that went without clean-up, because somebody took its finalizer off. The API server is
    /// asked whether it is really gone: a cache may be behind, and this decides over a working proxy.
    /// </summary>
    public async ValueTask<ProxyChildren> ObserveOrphansAsync<T>(ResourceType<T> type, ProxyParent parent, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var found = await ObserveAsync(parent, cancellationToken).ConfigureAwait(false);
        return found.IsEmpty
            || await client.For(type).TryGetAsync(new ObjectKey(parent.Namespace, parent.Name), cancellationToken).ConfigureAwait(false) is not null
                ? ProxyChildren.None
                : found;
    }

    /// <summary>Whether anything in the caches bears the parent's labels.</summary>
    public bool HasAny(ProxyParent parent) =>
        statefulSets.ByIndex(ParentIndex, parent.IndexKey).Count > 0
        || secrets.ByIndex(ParentIndex, parent.IndexKey).Count > 0
        || services.ByIndex(ParentIndex, parent.IndexKey).Count > 0;

    /// <summary>The name that existing objects have, as those of another installation's making were named at random; else one that is free.</summary>
    public string NameFor(ProxyParent parent, string parentUid, ProxyChildren found) => NameOf(found) ?? FreeName(parent, parentUid);

    private static string? NameOf(ProxyChildren children) =>
        children.HeadlessServices.FirstOrDefault()?.Metadata.Name
        ?? children.StatefulSets.FirstOrDefault()?.Metadata.Name
        ?? (children.Secrets.FirstOrDefault()?.Metadata.Name is { } secret && secret.LastIndexOf('-') is var dash and > 0 ? secret[..dash] : null);

    private string FreeName(ProxyParent parent, string uid)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = ProxyNames.For(parent.Name, uid, attempt);
            if (services.Get(new ObjectKey(settings.Namespace, name)) is not { } taken || ProxyLabels.ParentOf(taken.Metadata.Labels) == parent)
            {
                return name;
            }
        }
    }

    /// <summary>
    /// The first replica's Pod of a StatefulSet that is gone, from the API server: the cache may not show yet one that was made at the
    /// last moment, and what is left of the proxy is about to be removed because no Pod uses it.
    /// </summary>
    private async ValueTask<ImmutableArray<Pod>> LatePodAsync(string name, CancellationToken cancellationToken) =>
        await client.For(KubernetesResources.Pods)
            .TryGetAsync(new ObjectKey(settings.Namespace, name), cancellationToken).ConfigureAwait(false) is { } late
            && late.Metadata.Labels?.ContainsKey(ProxyLabels.Managed) == true
            ? [late]
            : [];

    private static string? PodNameOf(ImmutableArray<Service> headless, ImmutableArray<Secret> state) =>
        headless.FirstOrDefault() is { } service ? ProxyNames.Replica(service.Metadata.Name ?? "", 0) : state.FirstOrDefault()?.Metadata.Name;

    /// <summary>Asks only for a set that is overdue.</summary>
    private async ValueTask<string?> RefusalAsync(StatefulSet set, CancellationToken cancellationToken) =>
        set.Metadata.DeletionTimestamp is not null || set.Spec?.Replicas is 0 || set.Status?.Replicas >= set.Spec?.Replicas
        || time.GetUtcNow() - set.Metadata.CreationTimestamp < PodPatience
            ? null
            : await refusals.OfAsync(set.Metadata.Uid ?? "", cancellationToken).ConfigureAwait(false);

    private ImmutableArray<T> InOperatorNamespace<T>(IReadOnlyList<T> found)
        where T : class, IKubernetesObject =>
        [.. found.Where(child => child.Metadata.Namespace == settings.Namespace)];
}
