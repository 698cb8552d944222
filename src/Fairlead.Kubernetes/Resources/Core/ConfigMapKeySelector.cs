namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ConfigMapKeySelector : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Key { get; init; }

    public bool? Optional { get; init; }
}
