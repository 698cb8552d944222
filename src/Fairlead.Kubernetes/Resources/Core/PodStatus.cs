using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PodStatus : ExtensibleRecord
{
    public string? Phase { get; init; }

    public IReadOnlyList<PodCondition>? Conditions { get; init; }

    public string? Message { get; init; }

    public string? Reason { get; init; }

    public string? NominatedNodeName { get; init; }

    public string? HostIP { get; init; }

    public IReadOnlyList<HostIP>? HostIPs { get; init; }

    public string? PodIP { get; init; }

    public IReadOnlyList<PodIP>? PodIPs { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? StartTime { get; init; }

    public IReadOnlyList<ContainerStatus>? InitContainerStatuses { get; init; }

    public IReadOnlyList<ContainerStatus>? ContainerStatuses { get; init; }

    public IReadOnlyList<ContainerStatus>? EphemeralContainerStatuses { get; init; }

    public string? QosClass { get; init; }

    public long? ObservedGeneration { get; init; }
}
