using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>What an applied configuration must be before its fields can be owned.</summary>
internal static class AppliedConfiguration
{
    /// <exception cref="ApiStatusException">400: it carries managers; 500: it does not fit the schema, as a real server answers.</exception>
    public static void Check(JsonObject applied, SchemaNode schema)
    {
        if (ObjectManagedFields.Get(applied) is JsonArray { Count: > 0 })
            throw new ApiStatusException(400, "BadRequest", "metadata.managedFields must be nil");
        var errors = new List<string>();
        Check(applied, schema, "", errors);
        if (errors.Count == 0)
            return;
        var metadata = applied["metadata"] as JsonObject;
        var subject = $"{metadata?["namespace"]}/{metadata?["name"]}; {applied["apiVersion"]}, Kind={applied["kind"]}";
        var text = errors.Count == 1 ? errors[0] : "errors:" + string.Concat(errors.Select(error => "\n  " + error));
        throw new ApiStatusException(500, "InternalError", $"failed to create typed patch object ({subject}): {text}");
    }

    private static void Check(JsonNode? value, SchemaNode schema, string path, List<string> errors)
    {
        switch (value)
        {
            case JsonObject obj when schema.Type is null or "object":
                CheckMembers(obj, schema, path, errors);
                break;
            case JsonArray list when schema.Type is null or "array":
                CheckElements(list, schema, path, errors);
                break;
            case not null when Expected(schema, value) is { } expected:
                errors.Add($"{path}: expected {expected}, got {JsonText.Of(value)}");
                break;
        }
    }

    /// <summary>What the schema wants instead of this value; null when the value will do.</summary>
    private static string? Expected(SchemaNode schema, JsonNode value) => (schema.Type, TypeConstraint.NameOf(value)) switch
    {
        ("object", _) => "map",
        ("array", _) => "list",
        (null, _) => null,
        (_, "object" or "array") => "scalar",
        _ when schema.Format == "quantity" => null,
        ("string", not "string") => "string",
        ("boolean", not "boolean") => "boolean",
        ("integer" or "number", not ("integer" or "number")) => "numeric (int or float)",
        _ => null,
    };

    private static void CheckMembers(JsonObject obj, SchemaNode schema, string path, List<string> errors)
    {
        foreach (var (name, value) in obj)
        {
            var declared = schema.Properties.GetValueOrDefault(name)
                ?? (schema.EmbeddedResource ? ObjectMetaSchema.TypeAndMeta.GetValueOrDefault(name) : null)
                ?? schema.AdditionalProperties;
            if (declared is not null)
                Check(value, declared, $"{path}.{name}", errors);
            else if (!schema.PreserveUnknownFields && schema.Type is not null)
                errors.Add($"{path}.{name}: field not declared in schema");
        }
    }

    private static void CheckElements(JsonArray list, SchemaNode schema, string path, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            if (schema.ListType == ListType.Atomic || !CheckIdentity(list[i], schema, path, i, errors))
            {
                Check(list[i], ListTopology.Element(schema), $"{path}[{i}]", errors);
                continue;
            }

            var element = ListTopology.ElementOf(list[i], schema);
            var place = PathElement.Describe([element]);
            Check(list[i], ListTopology.Element(schema), path + place, errors);
            if (!seen.Add(element))
                errors.Add($"{path}: duplicate entries for key {place}");
        }
    }

    private static bool CheckIdentity(JsonNode? element, SchemaNode schema, string path, int index, List<string> errors)
    {
        if (schema.ListType == ListType.Set)
        {
            if (element is not (null or JsonObject or JsonArray))
                return true;
            errors.Add($"{path}[{index}]: elements of a set must be scalars");
            return false;
        }

        if (element is not JsonObject obj)
        {
            errors.Add($"{path}: element {index}: associative list with keys may not have non-map elements");
            return false;
        }

        if (schema.ListMapKeys.Any(key => ListTopology.KeyValue(obj, schema, key) is not null))
            return true;
        errors.Add($"{path}: element {index}: associative list with keys has an element that omits all key fields {string.Join(", ", schema.ListMapKeys)}");
        return false;
    }
}
