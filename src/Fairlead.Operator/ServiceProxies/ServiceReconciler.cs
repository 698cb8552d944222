using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Keeps the proxies of Services: observe, plan, apply.</summary>
public sealed class ServiceReconciler(ServiceObserver observer, ProxyOrphans orphans, PlanApplier applier) : IReconciler
{
    public async ValueTask<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await observer.ObserveAsync(key, cancellationToken).ConfigureAwait(false) is { } snapshot
            ? await applier.ApplyAsync(
                KubernetesResources.Services, snapshot.Service, ServiceProxyPlan.For(snapshot), cancellationToken).ConfigureAwait(false)
            : await orphans.RemoveAsync(KubernetesResources.Services, ProxyParent.ServiceType, key, cancellationToken).ConfigureAwait(false);
}
