using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Serialization;

/// <summary>Turns objects and lists of a <see cref="ResourceType{T}"/> into UTF-8 JSON and back.</summary>
public static class ObjectCodec
{
    // The bytes never end up in HTML: unescaped text is shorter and readable.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Serialises with <c>apiVersion</c> and <c>kind</c>, whether or not the object carries them (items of a list do not).</summary>
    public static ReadOnlyMemory<byte> Encode<T>(ResourceType<T> type, T value)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(value);
        var body = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(body, WriterOptions);
        if (value.ApiVersion is not null && value.Kind is not null)
        {
            JsonSerializer.Serialize(writer, value, type.Json);
            return body.WrittenMemory;
        }

        var bare = new ArrayBufferWriter<byte>(1024);
        using (var bareWriter = new Utf8JsonWriter(bare, WriterOptions))
            JsonSerializer.Serialize(bareWriter, value, type.Json);

        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, value.ApiVersion ?? type.ApiVersion);
        writer.WriteString("kind"u8, value.Kind ?? type.Kind);
        var reader = new Utf8JsonReader(bare.WrittenSpan);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var skip = name is "apiVersion" or "kind";
            if (!skip)
                writer.WritePropertyName(name);

            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!skip)
                writer.WriteRawValue(bare.WrittenSpan[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return body.WrittenMemory;
    }

    /// <exception cref="JsonException">The bytes are not such an object.</exception>
    public static T Decode<T>(ResourceType<T> type, ReadOnlySpan<byte> utf8)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(type);
        return JsonSerializer.Deserialize(utf8, type.Json) ?? throw new JsonException($"Expected a {type.Kind}, found null.");
    }

    /// <exception cref="JsonException">The bytes are not a list of such objects.</exception>
    public static ResourceList<T> DecodeList<T>(ResourceType<T> type, ReadOnlySpan<byte> utf8)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(type);
        var metadata = ListMeta.Empty;
        var items = new List<T>();
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException($"Expected a list of {type.Plural}.");

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                reader.Read();
                metadata = JsonSerializer.Deserialize(ref reader, KubernetesJsonContext.Default.ListMeta) ?? metadata;
            }
            else if (reader.ValueTextEquals("items"u8))
            {
                reader.Read();
                ReadItems(ref reader, type, items);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ResourceList<T>(metadata, items);
    }

    private static void ReadItems<T>(ref Utf8JsonReader reader, ResourceType<T> type, List<T> items)
        where T : class, IKubernetesObject
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;

        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("Expected 'items' to be an array.");

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonSerializer.Deserialize(ref reader, type.Json) is { } item)
                items.Add(item);
        }
    }
}
