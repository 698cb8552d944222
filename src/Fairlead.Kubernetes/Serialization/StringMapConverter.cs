using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Kubernetes.Serialization;

/// <summary>Labels, annotations, selectors and other text maps, read into a compact form whose keys and short values are shared.</summary>
public sealed class StringMapConverter : JsonConverter<IReadOnlyDictionary<string, string>>
{
    // From here on a hash table beats the linear search.
    private const int LinearLimit = 16;

    [ThreadStatic]
    private static List<KeyValuePair<string, string>>? _scratch;

    public override IReadOnlyDictionary<string, string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("Expected an object of strings.");

        var entries = _scratch ??= [];
        entries.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = InternedStringConverter.Read(ref reader)!;
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                throw new JsonException($"The value of '{key}' must be a string.");

            entries.Add(new(key, InternedStringConverter.Read(ref reader) ?? ""));
        }

        var pairs = entries.ToArray();
        entries.Clear();
        return pairs.Length > LinearLimit || HasDuplicates(pairs) ? ToDictionary(pairs) : new StringMap(pairs);
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value)
            writer.WriteString(key, text);

        writer.WriteEndObject();
    }

    private static bool HasDuplicates(KeyValuePair<string, string>[] pairs)
    {
        for (var i = 1; i < pairs.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (pairs[i].Key == pairs[j].Key)
                    return true;
            }
        }

        return false;
    }

    private static Dictionary<string, string> ToDictionary(KeyValuePair<string, string>[] pairs)
    {
        var last = new Dictionary<string, string>(pairs.Length);
        foreach (var (key, value) in pairs)
            last[key] = value;

        return last;
    }
}
