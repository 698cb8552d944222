using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Keeps the proxies of Services: observe, plan, apply.</summary>
public sealed class ServiceReconciler(ServiceObserver observer, PlanApplier applier) : IReconciler
{
    public async ValueTask<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await observer.ObserveAsync(key, cancellationToken).ConfigureAwait(false) is { } snapshot)
        {
            return await applier.ApplyAsync(
                KubernetesResources.Services, snapshot.Service, ServiceProxyPlan.For(snapshot), cancellationToken).ConfigureAwait(false);
        }

        var gone = new Service { Metadata = new ObjectMeta { Namespace = key.Namespace, Name = key.Name } };
        var orphans = await observer.ObserveOrphansAsync(key, cancellationToken).ConfigureAwait(false);
        return await applier.ApplyAsync(KubernetesResources.Services, gone, ServiceProxyPlan.ForOrphans(orphans), cancellationToken).ConfigureAwait(false);
    }
}
