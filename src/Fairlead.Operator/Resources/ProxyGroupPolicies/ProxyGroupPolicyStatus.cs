using System.ComponentModel;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyGroupPolicies;

public sealed record ProxyGroupPolicyStatus : ExtensibleRecord
{
    [ListMap("type")]
    [Description("Not in use.")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
