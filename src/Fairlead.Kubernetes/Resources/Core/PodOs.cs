namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PodOs : ExtensibleRecord
{
    public string? Name { get; init; }
}
