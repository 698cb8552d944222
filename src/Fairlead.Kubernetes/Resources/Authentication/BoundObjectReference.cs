namespace Fairlead.Kubernetes.Resources.Authentication;

/// <summary>The token dies with this object.</summary>
public sealed record BoundObjectReference : ExtensibleRecord
{
    public string? Kind { get; init; }

    public string? ApiVersion { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }
}
