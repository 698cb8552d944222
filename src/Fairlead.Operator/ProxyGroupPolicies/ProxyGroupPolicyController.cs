using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Resources;

namespace Fairlead.Operator.ProxyGroupPolicies;

/// <summary>
/// The controller of ProxyGroupPolicies. It watches what it makes as well: admission policies that somebody changed are put right, and
/// those of a namespace that lost its last policy while no operator ran are removed.
/// </summary>
internal static class ProxyGroupPolicyController
{
    public static Controller Build(ControllerContext context)
    {
        var policies = context.Watched(TailscaleResources.ProxyGroupPolicies)
            .AddIndex(ProxyGroupPolicyObserver.NamespaceIndex, static policy => [policy.Metadata.Namespace ?? ""]);
        var admissionPolicies = context.Written(KubernetesResources.ValidatingAdmissionPolicies);
        var bindings = context.Written(KubernetesResources.ValidatingAdmissionPolicyBindings);
        var observer = new ProxyGroupPolicyObserver(context.Settings, policies, admissionPolicies, bindings);
        return context.Build(new ControllerBuilder("proxygrouppolicy-reconciler")
            .Reconcile(new ProxyGroupPolicyReconciler(observer, context.Applier))
            .WatchMapped(policies, static policy => [new ObjectKey("", policy.Metadata.Namespace ?? "")])
            .WatchMapped(admissionPolicies, NamespaceOf)
            .WatchMapped(bindings, NamespaceOf));
    }

    private static IEnumerable<ObjectKey> NamespaceOf(IKubernetesObject made) =>
        AdmissionPolicy.NamespaceOf(made.Metadata.Name) is { } ns ? [new ObjectKey("", ns)] : [];
}
