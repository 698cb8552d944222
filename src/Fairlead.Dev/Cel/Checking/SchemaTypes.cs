using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cel.Checking;

/// <summary>What a structural OpenAPI v3 schema says of the values it describes.</summary>
internal static class SchemaTypes
{
    public static CelType From(JsonNode? node)
    {
        if (node is not JsonObject schema || IsTrue(schema, "x-kubernetes-int-or-string"))
            return CelType.Dyn;
        return Text(schema, "type") switch
        {
            "boolean" => CelType.Bool,
            "integer" => CelType.Int,
            "number" => CelType.Double,
            "string" => Text(schema, "format") switch
            {
                "byte" => CelType.Bytes,
                "duration" => CelType.Duration,
                "date" or "date-time" => CelType.Timestamp,
                _ => CelType.String,
            },
            "array" => CelType.ListOf(From(schema["items"])),
            "object" => Object(schema),
            _ => CelType.Dyn,
        };
    }

    private static CelType Object(JsonObject schema)
    {
        if (schema["additionalProperties"] is JsonObject values)
            return CelType.MapOf(From(values));
        if (IsTrue(schema, "x-kubernetes-embedded-resource"))
            return CelType.Dyn;
        if (schema["properties"] is not JsonObject properties)
            return IsTrue(schema, "x-kubernetes-preserve-unknown-fields") ? CelType.Dyn : CelType.Object(FrozenDictionary<string, CelType>.Empty);
        var fields = new Dictionary<string, CelType>(StringComparer.Ordinal);
        foreach (var (name, property) in properties)
        {
            if (CelNames.TryEscape(name, out var escaped))
                fields[escaped] = From(property);
        }
        return CelType.Object(fields.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static string? Text(JsonObject schema, string name) =>
        schema[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool IsTrue(JsonObject schema, string name) =>
        schema[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
