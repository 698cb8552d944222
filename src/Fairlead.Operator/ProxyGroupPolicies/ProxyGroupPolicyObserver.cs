using System.Collections.Immutable;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Admission;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Resources.ProxyGroupPolicies;

namespace Fairlead.Operator.ProxyGroupPolicies;

/// <summary>Takes the snapshot of one namespace.</summary>
internal sealed class ProxyGroupPolicyObserver(
    OperatorSettings settings,
    IObjectCache<ProxyGroupPolicy> policies,
    IObjectCache<ValidatingAdmissionPolicy> admissionPolicies,
    IObjectCache<ValidatingAdmissionPolicyBinding> bindings)
{
    /// <summary>Index by namespace that the cache of policies must have.</summary>
    public const string NamespaceIndex = "namespace";

    public ProxyGroupPolicySnapshot Observe(string ns) => new()
    {
        Namespace = ns,
        Settings = settings,
        Policies = [.. policies.ByIndex(NamespaceIndex, ns).Where(static policy => policy.Metadata.DeletionTimestamp is null)],
        AdmissionPolicies = Named(admissionPolicies, ns),
        Bindings = Named(bindings, ns),
    };

    private static ImmutableArray<T> Named<T>(IObjectCache<T> cache, string ns)
        where T : class, IKubernetesObject =>
        [.. new[] { AdmissionPolicy.IngressName(ns), AdmissionPolicy.EgressName(ns) }.Select(name => cache.Get(new ObjectKey("", name))).OfType<T>()];
}
