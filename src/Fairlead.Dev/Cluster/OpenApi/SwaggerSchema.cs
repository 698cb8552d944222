using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.OpenApi;

/// <summary>
/// A schema in OpenAPI 2, which knows neither <c>nullable</c> nor <c>anyOf</c>, <c>oneOf</c> and <c>not</c>. What it cannot say
/// is left open, so that no client refuses what the server accepts.
/// </summary>
internal static class SwaggerSchema
{
    private static readonly string[] Unknown = ["allOf", "anyOf", "oneOf", "not", "nullable"];

    public static JsonObject Write(SchemaNode schema)
    {
        var obj = SchemaJson.Write(schema);
        Simplify(obj);
        return obj;
    }

    private static void Simplify(JsonObject schema)
    {
        // Null would not fit a type, and OpenAPI 2 has no type that allows it.
        if (schema.ContainsKey("nullable"))
            Remove(schema, "type", "items", "properties", "additionalProperties", "required");
        Remove(schema, Unknown);
        if (schema["properties"] is JsonObject properties)
        {
            foreach (var (_, member) in properties)
                Simplify((JsonObject)member!);
        }

        foreach (var name in (ReadOnlySpan<string>)["items", "additionalProperties"])
        {
            if (schema[name] is JsonObject nested)
                Simplify(nested);
        }
    }

    private static void Remove(JsonObject schema, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            schema.Remove(name);
    }
}
