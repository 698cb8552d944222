using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceDefinitionCondition : ExtensibleRecord
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public long? ObservedGeneration { get; init; }
}
