using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Admission;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.ProxyGroupPolicies;

/// <summary>
/// Plans the admission policies of a namespace, which all its ProxyGroupPolicies make together. They have no owner: none in a namespace
/// can own what is in none.
/// </summary>
internal static class ProxyGroupPolicyPlan
{
    public static ReconcilePlan<Namespace> For(ProxyGroupPolicySnapshot snapshot)
    {
        if (snapshot.Policies.IsEmpty)
        {
            return new ReconcilePlan<Namespace>
            {
                Steps =
                [
                    .. snapshot.Bindings.Where(AdmissionPolicy.IsOurs)
                        .Select(binding => new DeleteStep<ValidatingAdmissionPolicyBinding>(KubernetesResources.ValidatingAdmissionPolicyBindings, binding)),
                    .. snapshot.AdmissionPolicies.Where(AdmissionPolicy.IsOurs)
                        .Select(policy => new DeleteStep<ValidatingAdmissionPolicy>(KubernetesResources.ValidatingAdmissionPolicies, policy)),
                ],
            };
        }

        AdmissionPolicy[] wanted =
        [
            AdmissionPolicy.Ingress(snapshot.Namespace, All(snapshot.Policies.Select(policy => policy.Spec?.Ingress)), snapshot.Settings),
            AdmissionPolicy.Egress(snapshot.Namespace, All(snapshot.Policies.Select(policy => policy.Spec?.Egress)), snapshot.Settings),
        ];
        return new ReconcilePlan<Namespace> { Steps = [.. wanted.SelectMany(policy => Steps(policy, snapshot))] };
    }

    private static ImmutableArray<string> All(IEnumerable<IReadOnlyList<string>?> lists) =>
        [.. lists.SelectMany(static list => list ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>A binding without its policy would do no harm, and no good either.</summary>
    private static IEnumerable<PlanStep> Steps(AdmissionPolicy wanted, ProxyGroupPolicySnapshot snapshot)
    {
        var key = new ObjectKey("", wanted.Name);
        return
        [
            new ApplyStep<ValidatingAdmissionPolicy>(
                KubernetesResources.ValidatingAdmissionPolicies,
                key,
                _ => wanted.Policy(),
                snapshot.AdmissionPolicies.FirstOrDefault(policy => policy.Metadata.Name == wanted.Name))
            {
                ExclusivePaths = ["/spec"],
            },
            new ApplyStep<ValidatingAdmissionPolicyBinding>(
                KubernetesResources.ValidatingAdmissionPolicyBindings,
                key,
                _ => wanted.Binding(),
                snapshot.Bindings.FirstOrDefault(binding => binding.Metadata.Name == wanted.Name))
            {
                ExclusivePaths = ["/spec"],
            },
        ];
    }
}
