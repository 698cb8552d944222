using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>One entry of <c>status.conditions</c> (meta/v1).</summary>
public sealed record Condition : ExtensibleRecord
{
    [JsonConverter(typeof(InternedStringConverter))]
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    [JsonConverter(typeof(InternedStringConverter))]
    public required string Status { get; init; }

    public long? ObservedGeneration { get; init; }

    /// <summary>Whole seconds; moves only when <see cref="Status"/> changes.</summary>
    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    [JsonConverter(typeof(InternedStringConverter))]
    public string Reason
    {
        get;
        init => field = value ?? "";
    } = "";

    public string Message
    {
        get;
        init => field = value ?? "";
    } = "";
}
