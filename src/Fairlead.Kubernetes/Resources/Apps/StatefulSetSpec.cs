using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Apps;

public sealed record StatefulSetSpec : ExtensibleRecord
{
    public int? Replicas { get; init; }

    public LabelSelector? Selector { get; init; }

    public PodTemplateSpec? Template { get; init; }

    public IReadOnlyList<PersistentVolumeClaim>? VolumeClaimTemplates { get; init; }

    public string? ServiceName { get; init; }

    public string? PodManagementPolicy { get; init; }

    public StatefulSetUpdateStrategy? UpdateStrategy { get; init; }

    public int? RevisionHistoryLimit { get; init; }

    public int? MinReadySeconds { get; init; }

    public StatefulSetPersistentVolumeClaimRetentionPolicy? PersistentVolumeClaimRetentionPolicy { get; init; }

    public StatefulSetOrdinals? Ordinals { get; init; }
}
