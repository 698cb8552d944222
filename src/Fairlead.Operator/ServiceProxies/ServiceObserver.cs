using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Takes the snapshot of one Service from the informers' caches.</summary>
public sealed class ServiceObserver(
    OperatorSettings settings,
    KubernetesClient client,
    IObjectCache<Service> services,
    ProxyChildrenObserver children,
    ProxyClassResolver classes,
    TimeProvider time)
{
    /// <summary>The snapshot; null when the Service is gone or was never seen.</summary>
    public async ValueTask<ServiceSnapshot?> ObserveAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (services.Get(key) is not { } service)
        {
            return null;
        }

        var parent = new ProxyParent(ProxyParent.ServiceType, key.Namespace, key.Name);
        var found = await children.ObserveAsync(parent, cancellationToken).ConfigureAwait(false);
        return new ServiceSnapshot
        {
            Service = service,
            Settings = settings,
            Children = found,
            ProxyClass = classes.Resolve(service.Metadata),
            ProxyGroupExists = GroupToWaitFor(service, found) is { } group
                ? await ProxyGroupExistsAsync(group, cancellationToken).ConfigureAwait(false)
                : null,
            ProxyName = children.NameFor(parent, service.Metadata.Uid ?? "", found),
            Now = time.GetUtcNow(),
        };
    }

    /// <summary>The ProxyGroup without which the Service's own proxy stays. A removal that is due or under way must not wait for an answer.</summary>
    private static string? GroupToWaitFor(Service service, ProxyChildren own) =>
        !own.IsEmpty
        && service.Metadata.DeletionTimestamp is null
        && !ProxyRemoval.HasBegun(ProxyProgressCondition.In(service.Status?.Conditions))
        && ServiceProxyMode.Annotation(service, ServiceAnnotations.ProxyGroup) is { Length: > 0 } group
            ? group
            : null;

    /// <summary>Asked of the API server: few Services change hands, and ProxyGroups need not be served.</summary>
    private async ValueTask<bool?> ProxyGroupExistsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await client.For(TailscaleResources.ProxyGroups)
                .TryGetAsync(new ObjectKey("", name), cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (KubernetesApiException e) when (e.IsForbidden)
        {
            // What that means for the proxy is the plan's to say. Any other refusal passes.
            return null;
        }
    }
}
