namespace Fairlead.Kubernetes.Resources.Apps;

public sealed record StatefulSetStatus : ExtensibleRecord
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? CurrentReplicas { get; init; }

    public int? UpdatedReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public string? CurrentRevision { get; init; }

    public string? UpdateRevision { get; init; }

    public int? CollisionCount { get; init; }

    public IReadOnlyList<WorkloadCondition>? Conditions { get; init; }
}
