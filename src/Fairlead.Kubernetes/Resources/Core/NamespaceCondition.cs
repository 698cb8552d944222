using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record NamespaceCondition : ExtensibleRecord
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
