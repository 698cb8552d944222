namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ContainerResizePolicy : ExtensibleRecord
{
    public string? ResourceName { get; init; }

    public string? RestartPolicy { get; init; }
}
