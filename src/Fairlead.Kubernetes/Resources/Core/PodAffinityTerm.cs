using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PodAffinityTerm : ExtensibleRecord
{
    public LabelSelector? LabelSelector { get; init; }

    public IReadOnlyList<string>? Namespaces { get; init; }

    public string? TopologyKey { get; init; }

    public LabelSelector? NamespaceSelector { get; init; }

    public IReadOnlyList<string>? MatchLabelKeys { get; init; }

    public IReadOnlyList<string>? MismatchLabelKeys { get; init; }
}
