namespace Fairlead.Kubernetes.Resources.Authorization;

public sealed record ResourceAttributes : ExtensibleRecord
{
    public string? Namespace { get; init; }

    public string? Verb { get; init; }

    public string? Group { get; init; }

    public string? Version { get; init; }

    public string? Resource { get; init; }

    public string? Subresource { get; init; }

    public string? Name { get; init; }
}
