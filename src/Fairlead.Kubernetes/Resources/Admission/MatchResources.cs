using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record MatchResources : ExtensibleRecord
{
    public LabelSelector? NamespaceSelector { get; init; }

    public LabelSelector? ObjectSelector { get; init; }

    public IReadOnlyList<NamedRuleWithOperations>? ResourceRules { get; init; }

    public IReadOnlyList<NamedRuleWithOperations>? ExcludeResourceRules { get; init; }

    public string? MatchPolicy { get; init; }
}
