using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources.Admission;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Resources.ProxyGroupPolicies;

namespace Fairlead.Operator.ProxyGroupPolicies;

/// <summary>Everything the plan for the policies of one namespace depends on.</summary>
internal sealed record ProxyGroupPolicySnapshot
{
    public required string Namespace { get; init; }

    public required OperatorSettings Settings { get; init; }

    /// <summary>The policies that count, which are those that nobody has deleted.</summary>
    public ImmutableArray<ProxyGroupPolicy> Policies { get; init; } = [];

    /// <summary>What has the names of the namespace's admission policies.</summary>
    public ImmutableArray<ValidatingAdmissionPolicy> AdmissionPolicies { get; init; } = [];

    public ImmutableArray<ValidatingAdmissionPolicyBinding> Bindings { get; init; } = [];
}
