using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.ProxyGroupPolicies;

/// <summary>Which ProxyGroups the objects of a namespace may use (<c>tailscale.com/v1alpha1</c>, namespaced).</summary>
[Description("Says which ProxyGroups the Ingresses and Services of its namespace may use. Several in one namespace add up; in a namespace without "
    + "any, every ProxyGroup may be used.")]
public sealed record ProxyGroupPolicy : KubernetesObject
{
    [Required]
    [Description("The ProxyGroups that may be used.")]
    public ProxyGroupPolicySpec? Spec { get; init; }

    [Description("Reserved for the operator.")]
    public ProxyGroupPolicyStatus? Status { get; init; }
}
