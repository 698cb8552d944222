using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Kubernetes.Resources.ApiExtensions;

/// <summary>A structural OpenAPI v3 schema with the Kubernetes extensions.</summary>
public sealed record JsonSchemaProps : ExtensibleRecord
{
    public string? Id { get; init; }

    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    [JsonPropertyName("$ref")]
    public string? Ref { get; init; }

    public string? Description { get; init; }

    public string? Type { get; init; }

    public string? Format { get; init; }

    public string? Title { get; init; }

    public JsonElement? Default { get; init; }

    public double? Maximum { get; init; }

    public bool? ExclusiveMaximum { get; init; }

    public double? Minimum { get; init; }

    public bool? ExclusiveMinimum { get; init; }

    public long? MaxLength { get; init; }

    public long? MinLength { get; init; }

    public string? Pattern { get; init; }

    public long? MaxItems { get; init; }

    public long? MinItems { get; init; }

    public bool? UniqueItems { get; init; }

    public double? MultipleOf { get; init; }

    public IReadOnlyList<JsonElement>? Enum { get; init; }

    public long? MaxProperties { get; init; }

    public long? MinProperties { get; init; }

    public IReadOnlyList<string>? Required { get; init; }

    /// <summary>One schema; the array form of OpenAPI is not structural.</summary>
    public JsonSchemaProps? Items { get; init; }

    public IReadOnlyList<JsonSchemaProps>? AllOf { get; init; }

    public IReadOnlyList<JsonSchemaProps>? OneOf { get; init; }

    public IReadOnlyList<JsonSchemaProps>? AnyOf { get; init; }

    public JsonSchemaProps? Not { get; init; }

    public IReadOnlyDictionary<string, JsonSchemaProps>? Properties { get; init; }

    public SchemaOrBoolean? AdditionalProperties { get; init; }

    public IReadOnlyDictionary<string, JsonSchemaProps>? PatternProperties { get; init; }

    public bool? Nullable { get; init; }

    public JsonElement? Example { get; init; }

    [JsonPropertyName("x-kubernetes-preserve-unknown-fields")]
    public bool? PreserveUnknownFields { get; init; }

    [JsonPropertyName("x-kubernetes-embedded-resource")]
    public bool? EmbeddedResource { get; init; }

    [JsonPropertyName("x-kubernetes-int-or-string")]
    public bool? IntOrString { get; init; }

    [JsonPropertyName("x-kubernetes-list-map-keys")]
    public IReadOnlyList<string>? ListMapKeys { get; init; }

    [JsonPropertyName("x-kubernetes-list-type")]
    public string? ListType { get; init; }

    [JsonPropertyName("x-kubernetes-map-type")]
    public string? MapType { get; init; }

    [JsonPropertyName("x-kubernetes-validations")]
    public IReadOnlyList<ValidationRule>? Validations { get; init; }
}
