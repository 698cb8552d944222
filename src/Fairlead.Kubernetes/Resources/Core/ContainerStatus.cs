namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ContainerStatus : ExtensibleRecord
{
    public string? Name { get; init; }

    public ContainerState? State { get; init; }

    public ContainerState? LastState { get; init; }

    public bool? Ready { get; init; }

    public int? RestartCount { get; init; }

    public string? Image { get; init; }

    public string? ImageID { get; init; }

    public string? ContainerID { get; init; }

    public bool? Started { get; init; }
}
