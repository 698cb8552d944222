using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Checks an object against its schema.</summary>
public static class SchemaValidator
{
    /// <summary>
    /// All violations of <paramref name="value"/>, with the causes an API server reports; none when it is valid.
    /// </summary>
    /// <param name="old">The stored object on an update; null on create.</param>
    public static ImmutableArray<FieldError> Validate(JsonNode? value, JsonNode? old, SchemaNode schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var errors = new List<FieldError>();
        ValueValidator.Validate(value, schema, FieldPath.Root, errors);
        ListUniqueness.Validate(value, schema, FieldPath.Root, errors);
        EmbeddedResources.Validate(value, schema, FieldPath.Root, errors);
        return [.. errors];
    }
}
