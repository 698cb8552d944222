using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.Resources;

namespace Fairlead.Operator.Connectors;

/// <summary>Keeps the proxies of Connectors: observe, plan, apply.</summary>
public sealed class ConnectorReconciler(ConnectorObserver observer, ProxyOrphans orphans, PlanApplier applier) : IReconciler
{
    public async ValueTask<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await observer.ObserveAsync(key, cancellationToken).ConfigureAwait(false) is { } snapshot
            ? await applier.ApplyAsync(
                TailscaleResources.Connectors, snapshot.Connector, ConnectorPlan.For(snapshot), cancellationToken).ConfigureAwait(false)
            : await orphans.RemoveAsync(TailscaleResources.Connectors, ProxyParent.ConnectorType, key, cancellationToken).ConfigureAwait(false);
}
