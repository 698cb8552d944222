namespace Fairlead.Kubernetes.Resources.Core;

public sealed record NodeSelectorRequirement : ExtensibleRecord
{
    public string? Key { get; init; }

    public string? Operator { get; init; }

    public IReadOnlyList<string>? Values { get; init; }
}
