namespace Fairlead.Kubernetes.Resources.Discovery;

public sealed record ForNode : ExtensibleRecord
{
    public string? Name { get; init; }
}
