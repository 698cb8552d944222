using System.ComponentModel;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.ProxyGroupPolicies;

public sealed record ProxyGroupPolicySpec : ExtensibleRecord
{
    [Description("Names of the ProxyGroups by which Ingresses and Services may be exposed to the tailnet. None when empty or left out.")]
    public IReadOnlyList<string>? Ingress { get; init; }

    [Description("Names of the ProxyGroups by which Services may lead to the tailnet. None when empty or left out.")]
    public IReadOnlyList<string>? Egress { get; init; }
}
