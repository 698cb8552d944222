namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>Exactly one of the members is set.</summary>
public sealed record ContainerState : ExtensibleRecord
{
    public ContainerStateWaiting? Waiting { get; init; }

    public ContainerStateRunning? Running { get; init; }

    public ContainerStateTerminated? Terminated { get; init; }
}
