using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.ProxyGroupPolicies;

/// <summary>Has the policies of a namespace enforced: observe, plan, apply. Its keys are namespaces, as no policy stands for itself.</summary>
internal sealed class ProxyGroupPolicyReconciler(ProxyGroupPolicyObserver observer, PlanApplier applier) : IReconciler
{
    public ValueTask<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) => applier.ApplyAsync(
        KubernetesResources.Namespaces,
        new Namespace { Metadata = new ObjectMeta { Name = key.Name } },
        ProxyGroupPolicyPlan.For(observer.Observe(key.Name)),
        cancellationToken);
}
