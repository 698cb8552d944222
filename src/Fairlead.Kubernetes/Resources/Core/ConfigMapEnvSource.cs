namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ConfigMapEnvSource : ExtensibleRecord
{
    public string? Name { get; init; }

    public bool? Optional { get; init; }
}
