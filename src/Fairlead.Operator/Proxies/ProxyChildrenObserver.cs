using System.Collections.Immutable;
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
    TimeProvider time)
{
    /// <summary>Index over <see cref="ProxyParent.IndexKey"/> that each cache but that of Pods must have.</summary>
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
        var pod = sets is [{ Metadata.Name: { } name }] ? pods.Get(new ObjectKey(settings.Namespace, ProxyNames.Replica(name, 0))) : null;
        return new ProxyChildren
        {
            HeadlessServices = headless,
            StatefulSets = sets,
            Secrets = state,
            Pod = pod,
            MetricsServices = [.. headless.Select(service => service.Metadata.Name)
                .Concat(sets.Select(set => set.Metadata.Name))
                .Distinct(StringComparer.Ordinal)
                .Select(name => services.Get(new ObjectKey(settings.Namespace, ProxyMetricsService.NameFor(name ?? ""))))
                .OfType<Service>()
                .Where(service => service.Metadata.Labels?.ContainsKey(ProxyLabels.Managed) == true)],
            PodRefusal = pod is null && sets is [var set] ? await RefusalAsync(set, cancellationToken).ConfigureAwait(false) : null,
        };
    }

    /// <summary>Asks only for a set that is overdue.</summary>
    private async ValueTask<string?> RefusalAsync(StatefulSet set, CancellationToken cancellationToken) =>
        set.Metadata.DeletionTimestamp is not null || set.Spec?.Replicas is 0 || set.Status?.Replicas is > 0
        || time.GetUtcNow() - set.Metadata.CreationTimestamp < PodPatience
            ? null
            : await refusals.OfAsync(set.Metadata.Uid ?? "", cancellationToken).ConfigureAwait(false);

    private ImmutableArray<T> InOperatorNamespace<T>(IReadOnlyList<T> found)
        where T : class, IKubernetesObject =>
        [.. found.Where(child => child.Metadata.Namespace == settings.Namespace)];
}
