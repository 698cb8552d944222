namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ConfigMapProjection : ExtensibleRecord
{
    public string? Name { get; init; }

    public IReadOnlyList<KeyToPath>? Items { get; init; }

    public bool? Optional { get; init; }
}
