using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Admission;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.Operator.ProxyGroupPolicies;

/// <summary>
/// One of the two admission policies of a namespace. What the API server would fill in is said, so that it has nothing to add.
/// </summary>
/// <param name="Name">Of the policy and its binding; wire contract.</param>
internal sealed record AdmissionPolicy(string Name, ImmutableArray<NamedRuleWithOperations> Rules, ImmutableArray<AdmissionValidation> Validations)
{
    private const string IngressPrefix = "ts-ingress-";
    private const string EgressPrefix = "ts-egress-";
    private const string NamespaceName = "kubernetes.io/metadata.name";

    private static readonly NamedRuleWithOperations Ingresses = Rule("networking.k8s.io", "*", "ingresses");
    private static readonly NamedRuleWithOperations Services = Rule("", "v1", "services");

    public static string IngressName(string ns) => IngressPrefix + ns;

    public static string EgressName(string ns) => EgressPrefix + ns;

    /// <summary>The namespace that a policy or binding is for, by its name; null: none of ours.</summary>
    public static string? NamespaceOf(string? name) =>
        name is null ? null
        : name.StartsWith(IngressPrefix, StringComparison.Ordinal) ? name[IngressPrefix.Length..]
        : name.StartsWith(EgressPrefix, StringComparison.Ordinal) ? name[EgressPrefix.Length..]
        : null;

    /// <summary>Whether an object of such a name is what an operator made: somebody else may like the name, too.</summary>
    public static bool IsOurs(ValidatingAdmissionPolicy policy) => policy.Spec?.Validations is { Count: > 0 } validations
        && validations.All(static validation => validation.Expression?.Contains(ServiceAnnotations.ProxyGroup, StringComparison.Ordinal) == true);

    /// <inheritdoc cref="IsOurs(ValidatingAdmissionPolicy)"/>
    public static bool IsOurs(ValidatingAdmissionPolicyBinding binding) =>
        binding.Spec?.PolicyName == binding.Metadata.Name
        && binding.Spec?.MatchResources?.NamespaceSelector?.MatchLabels is { Count: 1 } labels
        && labels.TryGetValue(NamespaceName, out var ns) && ns == NamespaceOf(binding.Metadata.Name);

    public static AdmissionPolicy Ingress(string ns, ImmutableArray<string> groups, OperatorSettings settings) => new(
        IngressName(ns),
        [Ingresses, Services],
        [
            Validation(AdmissionExpressions.Ingress(groups), "Ingresses", groups),
            Validation(AdmissionExpressions.IngressService(groups, settings), "Services that are exposed to the tailnet", groups),
        ]);

    public static AdmissionPolicy Egress(string ns, ImmutableArray<string> groups, OperatorSettings settings) => new(
        EgressName(ns), [Services], [Validation(AdmissionExpressions.EgressService(groups, settings), "Services that lead to the tailnet", groups)]);

    public ValidatingAdmissionPolicy Policy() => new()
    {
        ApiVersion = KubernetesResources.ValidatingAdmissionPolicies.ApiVersion,
        Kind = KubernetesResources.ValidatingAdmissionPolicies.Kind,
        Metadata = new ObjectMeta { Name = Name },
        Spec = new ValidatingAdmissionPolicySpec
        {
            FailurePolicy = "Fail",
            MatchConstraints = Matching(new LabelSelector()) with { ResourceRules = Rules },
            Validations = Validations,
        },
    };

    public ValidatingAdmissionPolicyBinding Binding() => new()
    {
        ApiVersion = KubernetesResources.ValidatingAdmissionPolicyBindings.ApiVersion,
        Kind = KubernetesResources.ValidatingAdmissionPolicyBindings.Kind,
        Metadata = new ObjectMeta { Name = Name },
        Spec = new ValidatingAdmissionPolicyBindingSpec
        {
            PolicyName = Name,
            MatchResources = Matching(new LabelSelector { MatchLabels = new Dictionary<string, string> { [NamespaceName] = NamespaceOf(Name)! } }),
            ValidationActions = ["Deny"],
        },
    };

    private static MatchResources Matching(LabelSelector namespaces) =>
        new() { MatchPolicy = "Equivalent", NamespaceSelector = namespaces, ObjectSelector = new LabelSelector() };

    private static NamedRuleWithOperations Rule(string group, string version, string resource) => new()
    {
        ApiGroups = [group],
        ApiVersions = [version],
        Operations = ["CREATE", "UPDATE"],
        Resources = [resource],
        Scope = "*",
    };

    private static AdmissionValidation Validation(string expression, string objects, ImmutableArray<string> groups) => new()
    {
        Expression = expression,
        Message = groups.IsEmpty
            ? $"the ProxyGroupPolicies of this namespace allow no ProxyGroup for {objects}; remove the annotation {ServiceAnnotations.ProxyGroup}"
            : $"the ProxyGroupPolicies of this namespace allow {objects} only these ProxyGroups: "
                + $"{string.Join(", ", groups.Select(AdmissionExpressions.Quote))}; change the annotation {ServiceAnnotations.ProxyGroup}, or remove it",
    };
}
