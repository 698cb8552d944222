using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns;

/// <summary>
/// Reads members of untyped objects. A member of the wrong type reads as absent: rules run beside the schema's own
/// validation, which reports it.
/// </summary>
internal static class JsonFields
{
    public static JsonObject? Object(this JsonObject? node, string name) => node?[name] as JsonObject;

    public static JsonArray? Array(this JsonObject? node, string name) => node?[name] as JsonArray;

    public static IEnumerable<JsonObject> Objects(this JsonObject? node, string name) => node.Array(name)?.OfType<JsonObject>() ?? [];

    /// <summary>The objects of a list with their places in it.</summary>
    public static IEnumerable<(int Index, JsonObject Item)> Indexed(this JsonObject? node, string name) =>
        node.Array(name)?.Select((item, index) => (index, item: item as JsonObject)).Where(e => e.item is not null).Select(e => (e.index, e.item!)) ?? [];

    public static string? Text(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static string? Text(this JsonObject? node, string name) => node?[name].Text();

    public static IEnumerable<string> Texts(this JsonObject? node, string name) => node.Array(name)?.Select(Text).OfType<string>() ?? [];

    public static long? Integer(this JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        ? value.TryGetValue(out long number) ? number : value.TryGetValue(out int small) ? small : null
        : null;

    public static long? Integer(this JsonObject? node, string name) => node?[name].Integer();

    public static bool? Flag(this JsonObject? node, string name) => node?[name]?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static string Name(this JsonObject obj) => obj.Object("metadata").Text("name") ?? "";

    public static string Namespace(this JsonObject obj) => obj.Object("metadata").Text("namespace") ?? "";

    public static string Uid(this JsonObject obj) => obj.Object("metadata").Text("uid") ?? "";

    public static IEnumerable<KeyValuePair<string, string>> TextMap(this JsonObject? node, string name) =>
        node.Object(name)?.Where(e => e.Value.Text() is not null).Select(e => KeyValuePair.Create(e.Key, e.Value.Text()!)) ?? [];

    /// <summary>The member as an object, created when absent.</summary>
    public static JsonObject Ensure(this JsonObject node, string name)
    {
        if (node[name] is JsonObject present)
            return present;

        var created = new JsonObject();
        node[name] = created;
        return created;
    }
}
