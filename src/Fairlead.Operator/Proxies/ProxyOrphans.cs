using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Proxies;

/// <summary>Takes down what is left of the proxies of parents that no longer exist.</summary>
public sealed class ProxyOrphans(ProxyChildrenObserver children, PlanApplier applier)
{
    /// <param name="type">Of the parent that is gone.</param>
    /// <param name="parentType">As <see cref="ProxyParent.Type"/>.</param>
    public async ValueTask<ReconcileResult> RemoveAsync<T>(
        ResourceType<T> type, string parentType, ObjectKey key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var parent = new ProxyParent(parentType, key.Namespace, key.Name);
        var left = await children.ObserveOrphansAsync(type, parent, cancellationToken).ConfigureAwait(false);
        var gone = new PartialObjectMetadata { Metadata = new ObjectMeta { Namespace = key.Namespace, Name = key.Name } };
        var plan = new ReconcilePlan<PartialObjectMetadata> { Steps = ProxyCleanup.Plan(left).Steps };
        return await applier.ApplyAsync(type.MetadataOnly(), gone, plan, cancellationToken).ConfigureAwait(false);
    }
}
