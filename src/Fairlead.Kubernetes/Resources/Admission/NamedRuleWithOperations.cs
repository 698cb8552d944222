namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record NamedRuleWithOperations : ExtensibleRecord
{
    public IReadOnlyList<string>? ResourceNames { get; init; }

    public IReadOnlyList<string>? Operations { get; init; }

    public IReadOnlyList<string>? ApiGroups { get; init; }

    public IReadOnlyList<string>? ApiVersions { get; init; }

    public IReadOnlyList<string>? Resources { get; init; }

    public string? Scope { get; init; }
}
