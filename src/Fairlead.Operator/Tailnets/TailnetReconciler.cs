using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Resources;

namespace Fairlead.Operator.Tailnets;

/// <summary>Judges Tailnets: observe, plan, apply.</summary>
internal sealed class TailnetReconciler(TailnetObserver observer, TailnetRegistry registry, PlanApplier applier) : IReconciler
{
    public async ValueTask<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await observer.ObserveAsync(key, cancellationToken).ConfigureAwait(false) is { } snapshot)
        {
            return await applier.ApplyAsync(TailscaleResources.Tailnets, snapshot.Tailnet, TailnetPlan.For(snapshot), cancellationToken).ConfigureAwait(false);
        }

        registry.Close(key.Name);
        return ReconcileResult.Done;
    }
}
