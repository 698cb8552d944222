using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Identity;

namespace Fairlead.Operator.Proxies;

/// <summary>
/// Takes a standalone proxy down in the order that leaks nothing: first its Pods, so that nothing registers again; then the
/// device, whose ID only the Secret knows; then the rest. The StatefulSet is deleted in the background, and its Pods are deleted here
/// and awaited: in the foreground the garbage collector would do it all, at a rate that the whole cluster shares.
/// </summary>
internal static class ProxyCleanup
{
    /// <summary>The next steps, and whether nothing is left after them. Until then the caller keeps its finalizer.</summary>
    /// <param name="tailnet">Name of the Tailnet object whose tailnet the devices are on; empty: the operator's own.</param>
    public static (ImmutableArray<PlanStep> Steps, bool Complete) Plan(ProxyChildren children, string tailnet = "")
    {
        if (children.StatefulSets.Length > 0)
        {
            return ([.. from set in children.StatefulSets
                        where set.Metadata.DeletionTimestamp is null
                        select new DeleteStep<StatefulSet>(KubernetesResources.StatefulSets, set)],
                false);
        }

        if (!children.Pods.IsEmpty)
        {
            return ([.. from pod in children.Pods
                        where pod.Metadata.DeletionTimestamp is null
                        select new DeleteStep<Pod>(KubernetesResources.Pods, pod) { IfPermitted = true }],
                false);
        }

        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        steps.AddRange(Forget(children.Secrets, tailnet));

        // Last: its selector tells whose remains these are. A Secret alone would pass for that of a later Service of the name.
        steps.AddRange(children.MetricsServices.Concat(children.HeadlessServices)
            .Select(service => new DeleteStep<Service>(KubernetesResources.Services, service)));
        return (steps.ToImmutable(), true);
    }

    /// <summary>Removes the devices that Secrets tell of, and then the Secrets.</summary>
    public static IEnumerable<PlanStep> Forget(IReadOnlyCollection<Secret> secrets, string tailnet) =>
    [
        .. secrets
            .Select(ProxyDevice.IdOf)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Select(id => new CallStep(new DeleteDeviceCall(id) { Tailnet = tailnet })),

        // As observed: a Pod may have registered its device in its last moment, and only the newer Secret would tell.
        .. secrets.Select(secret => new DeleteStep<Secret>(KubernetesResources.Secrets, secret) { OnlyAsObserved = true }),
    ];
}
