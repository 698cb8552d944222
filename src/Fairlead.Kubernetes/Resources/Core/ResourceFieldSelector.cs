namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ResourceFieldSelector : ExtensibleRecord
{
    public string? ContainerName { get; init; }

    public string? Resource { get; init; }

    public Quantity? Divisor { get; init; }
}
