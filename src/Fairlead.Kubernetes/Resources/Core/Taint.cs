using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record Taint : ExtensibleRecord
{
    public string? Key { get; init; }

    public string? Value { get; init; }

    public string? Effect { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? TimeAdded { get; init; }
}
