namespace Fairlead.Kubernetes.Resources.Discovery;

public sealed record ForZone : ExtensibleRecord
{
    public string? Name { get; init; }
}
