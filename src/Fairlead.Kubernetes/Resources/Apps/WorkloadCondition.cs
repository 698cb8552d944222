using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Apps;

/// <summary>A condition of a StatefulSet or Deployment.</summary>
public sealed record WorkloadCondition : ExtensibleRecord
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? LastUpdateTime { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
