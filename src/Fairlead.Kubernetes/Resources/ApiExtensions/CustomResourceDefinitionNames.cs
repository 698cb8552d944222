namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceDefinitionNames : ExtensibleRecord
{
    public string? Plural { get; init; }

    public string? Singular { get; init; }

    public IReadOnlyList<string>? ShortNames { get; init; }

    public string? Kind { get; init; }

    public string? ListKind { get; init; }

    public IReadOnlyList<string>? Categories { get; init; }
}
