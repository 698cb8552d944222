using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>How values are split into separately owned parts.</summary>
internal static class ListTopology
{
    public static bool IsGranular(JsonArray list, SchemaNode schema) => schema.ListType switch
    {
        ListType.Set => list.All(e => e is not (JsonArray or JsonObject)),
        ListType.Map => list.All(e => e is JsonObject),
        _ => false,
    };

    public static SchemaNode Member(SchemaNode schema, string name) =>
        schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties ?? SchemaNode.Any;

    public static SchemaNode Element(SchemaNode schema) => schema.Items ?? SchemaNode.Any;

    /// <summary>Identity of an element of a granular list; absent keys take their defaults.</summary>
    public static string ElementOf(JsonNode? element, SchemaNode schema)
    {
        if (schema.ListType == ListType.Set)
            return PathElement.Value(element);
        var obj = (JsonObject)element!;
        return PathElement.Key(schema.ListMapKeys
            .Select(key => KeyValuePair.Create(key, KeyValue(obj, schema, key)))
            .Where(key => key.Value is not null));
    }

    /// <summary>Value of a key member, its default where it is absent, or null.</summary>
    public static JsonNode? KeyValue(JsonObject element, SchemaNode schema, string key) =>
        element[key] ?? Element(schema).Properties.GetValueOrDefault(key)?.Default;

    /// <summary>Elements by identity, in order of first appearance; more than one where the list holds duplicates.</summary>
    public static Dictionary<string, List<JsonNode?>> Group(JsonArray list, SchemaNode schema)
    {
        var groups = new Dictionary<string, List<JsonNode?>>(StringComparer.Ordinal);
        foreach (var element in list)
        {
            var id = ElementOf(element, schema);
            if (!groups.TryGetValue(id, out var group))
                groups.Add(id, group = []);
            group.Add(element);
        }

        return groups;
    }
}
