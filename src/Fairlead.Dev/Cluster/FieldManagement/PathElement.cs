using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>Spelling of path elements in FieldsV1, and in messages.</summary>
internal static class PathElement
{
    public static string Field(string name) => "f:" + name;

    public static string Value(JsonNode? value) => "v:" + JsonText.Of(value);

    /// <param name="keys">Key members; their order does not matter.</param>
    public static string Key(IEnumerable<KeyValuePair<string, JsonNode?>> keys)
    {
        var obj = new JsonObject();
        foreach (var (name, value) in keys.OrderBy(key => key.Key, StringComparer.Ordinal))
            obj[name] = value?.DeepClone();
        return "k:" + JsonText.Of(obj);
    }

    /// <summary>The same element whatever spelling a client used inside it (spaces, order of keys, escapes).</summary>
    /// <exception cref="FormatException">The text is no path element.</exception>
    public static string Canonical(string element)
    {
        var body = element.Length > 2 ? element[2..] : "";
        try
        {
            return element switch
            {
                ['f', ':', _, ..] => element,
                ['v', ':', _, ..] => Value(JsonNode.Parse(body)),
                ['k', ':', _, ..] when JsonNode.Parse(body) is JsonObject keys => Key(keys),
                ['i', ':', _, ..] => element,
                _ => throw new FormatException($"\"{element}\" is no path element; it must start with f:, k:, v: or i:"),
            };
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new FormatException($"\"{element}\" is no path element: {e.Message}", e);
        }
    }

    /// <summary>A path as conflicts show it: <c>.spec.containers[name="web"].image</c>.</summary>
    public static string Describe(IEnumerable<string> path) => string.Concat(path.Select(Describe));

    private static string Describe(string element)
    {
        var body = element[2..];
        return element[0] switch
        {
            'f' => "." + body,
            'v' => $"[={body}]",
            'k' => $"[{string.Join(",", ((JsonObject)JsonNode.Parse(body)!).Select(key => $"{key.Key}={JsonText.Of(key.Value)}"))}]",
            _ => $"[{body}]",
        };
    }
}
