namespace Fairlead.Kubernetes.Resources.Apps;

public sealed record DeploymentStatus : ExtensibleRecord
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? UpdatedReplicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public int? UnavailableReplicas { get; init; }

    public int? TerminatingReplicas { get; init; }

    public int? CollisionCount { get; init; }

    public IReadOnlyList<WorkloadCondition>? Conditions { get; init; }
}
