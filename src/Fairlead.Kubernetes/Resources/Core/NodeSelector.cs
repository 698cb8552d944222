namespace Fairlead.Kubernetes.Resources.Core;

public sealed record NodeSelector : ExtensibleRecord
{
    public IReadOnlyList<NodeSelectorTerm>? NodeSelectorTerms { get; init; }
}
