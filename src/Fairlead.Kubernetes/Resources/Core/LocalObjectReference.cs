namespace Fairlead.Kubernetes.Resources.Core;

public sealed record LocalObjectReference : ExtensibleRecord
{
    public string? Name { get; init; }
}
