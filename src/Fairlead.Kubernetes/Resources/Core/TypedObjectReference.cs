namespace Fairlead.Kubernetes.Resources.Core;

public sealed record TypedObjectReference : ExtensibleRecord
{
    public string? ApiGroup { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Namespace { get; init; }
}
