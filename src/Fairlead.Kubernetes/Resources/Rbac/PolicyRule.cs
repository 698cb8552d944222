namespace Fairlead.Kubernetes.Resources.Rbac;

public sealed record PolicyRule : ExtensibleRecord
{
    public IReadOnlyList<string>? Verbs { get; init; }

    public IReadOnlyList<string>? ApiGroups { get; init; }

    public IReadOnlyList<string>? Resources { get; init; }

    public IReadOnlyList<string>? ResourceNames { get; init; }

    public IReadOnlyList<string>? NonResourceURLs { get; init; }
}
