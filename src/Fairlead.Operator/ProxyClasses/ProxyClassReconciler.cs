using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Resources;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>Judges ProxyClasses: observe, plan, apply.</summary>
public sealed class ProxyClassReconciler(ProxyClassObserver observer, PlanApplier applier) : IReconciler
{
    public async ValueTask<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await observer.ObserveAsync(key, cancellationToken).ConfigureAwait(false) is { } snapshot
            ? await applier.ApplyAsync(
                TailscaleResources.ProxyClasses, snapshot.Class, ProxyClassPlan.For(snapshot), cancellationToken).ConfigureAwait(false)
            : ReconcileResult.Done;
}
