namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PodSchedulingGate : ExtensibleRecord
{
    public string? Name { get; init; }
}
