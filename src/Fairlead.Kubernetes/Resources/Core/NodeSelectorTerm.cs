namespace Fairlead.Kubernetes.Resources.Core;

public sealed record NodeSelectorTerm : ExtensibleRecord
{
    public IReadOnlyList<NodeSelectorRequirement>? MatchExpressions { get; init; }

    public IReadOnlyList<NodeSelectorRequirement>? MatchFields { get; init; }
}
