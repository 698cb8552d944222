namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>One entry of discovery; subresources are named <c>plural/subresource</c>.</summary>
public sealed record ApiResource : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? SingularName { get; init; }

    public bool? Namespaced { get; init; }

    public string? Group { get; init; }

    public string? Version { get; init; }

    public string? Kind { get; init; }

    public IReadOnlyList<string>? Verbs { get; init; }

    public IReadOnlyList<string>? ShortNames { get; init; }

    public IReadOnlyList<string>? Categories { get; init; }
}
