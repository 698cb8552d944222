using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Serialization;

/// <summary>
/// Reads JSON with the API's tolerance: of a member that appears twice the last one counts, and the repetition is
/// reported instead of failing.
/// </summary>
internal static class JsonBody
{
    // As deep as the API server follows; also protects the recursion here.
    private const int MaxDepth = 128;

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <param name="duplicates">Receives the paths of repeated members.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, List<string> duplicates)
    {
        var scan = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        scan.Read();
        FindDuplicates(ref scan, "", duplicates);
        if (scan.Read())
            throw new JsonException("text follows the first value");
        if (duplicates.Count == 0)
            return JsonNode.Parse(utf8, null, DocumentOptions);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        return Build(ref reader);
    }

    private static void FindDuplicates(ref Utf8JsonReader reader, string path, List<string> duplicates)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
                FindDuplicates(ref reader, $"{path}[{i}]", duplicates);
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var name = reader.GetString()!;
                var member = path.Length == 0 ? name : $"{path}.{name}";
                if (!seen.Add(name))
                    duplicates.Add(member);
                reader.Read();
                FindDuplicates(ref reader, member, duplicates);
            }
        }
    }

    private static JsonNode? Build(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var obj = new JsonObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    obj[name] = Build(ref reader);
                }

                return obj;
            case JsonTokenType.StartArray:
                var array = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    array.Add(Build(ref reader));
                return array;
            case JsonTokenType.Number:
                return JsonNode.Parse(reader.ValueSpan);
            case JsonTokenType.String:
                return JsonValue.Create(reader.GetString());
            case JsonTokenType.Null:
                return null;
            default:
                return JsonNode.Parse(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }
}
