using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>Which fields one field manager owns.</summary>
public sealed record ManagedFieldsEntry : ExtensibleRecord
{
    public string? Manager { get; init; }

    /// <summary><c>Apply</c> or <c>Update</c>.</summary>
    public string? Operation { get; init; }

    public string? ApiVersion { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? Time { get; init; }

    public string? FieldsType { get; init; }

    public JsonElement? FieldsV1 { get; init; }

    public string? Subresource { get; init; }
}
