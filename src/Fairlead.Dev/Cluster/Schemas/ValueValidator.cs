using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>The JSON-schema part of validation: types, bounds, formats, composition.</summary>
internal static class ValueValidator
{
    public static void Validate(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors) =>
        Validate(value, null, schema, path, errors);

    /// <param name="old">The stored value of the same place, when there is one: an equal value is not checked again.</param>
    public static void Validate(JsonNode? value, JsonNode? old, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        if (old is not null && JsonNode.DeepEquals(value, old))
            return;
        if (value is null && schema.Nullable)
            return;
        if (!TypeConstraint.Check(value, schema, path, errors))
            return;
        CompositionConstraints.Check(value, schema, path, errors);
        EnumConstraint.Check(value, schema, path, errors);
        switch (value)
        {
            case JsonObject obj:
                ObjectConstraints.Check(obj, old as JsonObject, schema, path, errors);
                break;
            case JsonArray array:
                ArrayConstraints.Check(array, old, schema, path, errors);
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                StringConstraints.Check(scalar.GetValue<string>(), schema, path, errors);
                break;
            case JsonValue scalar when JsonNumber.TryRead(scalar, out var number):
                NumberConstraints.Check(scalar, number, schema, path, errors);
                break;
        }
    }

    /// <summary>Whether the value has no violation; used where only the verdict counts.</summary>
    public static bool IsValid(JsonNode? value, SchemaNode schema)
    {
        var errors = new List<FieldError>();
        Validate(value, schema, FieldPath.Root, errors);
        return errors.Count == 0;
    }
}
