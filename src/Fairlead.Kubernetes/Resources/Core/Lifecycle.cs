namespace Fairlead.Kubernetes.Resources.Core;

public sealed record Lifecycle : ExtensibleRecord
{
    public LifecycleHandler? PostStart { get; init; }

    public LifecycleHandler? PreStop { get; init; }

    public string? StopSignal { get; init; }
}
