using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Storage;

/// <summary>
/// One version of an object: its UTF-8 text and the few values that selection needs. Immutable, so that readers, lists
/// and watchers share it without copying.
/// </summary>
internal sealed class StoredObject
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private StoredObject(ObjectKey key, long version, JsonObject metadata, ReadOnlyMemory<byte> body)
    {
        Key = key;
        Version = version;
        Body = body;
        Uid = (string?)metadata["uid"] ?? "";
        Labels = Strings(metadata["labels"]);
    }

    public ObjectKey Key { get; }

    /// <summary>resourceVersion.</summary>
    public long Version { get; }

    public string Uid { get; }

    public ImmutableDictionary<string, string> Labels { get; }

    /// <summary>Values of the definition's selectable fields.</summary>
    public ImmutableDictionary<string, string> Fields { get; private init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// The object's text after <c>"kind":…,"apiVersion":…,</c> up to and including its closing brace: what all versions
    /// of the type, and list items without a type, have in common.
    /// </summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Sets the object's resourceVersion and freezes it.</summary>
    public static StoredObject Freeze(ResourceDefinition definition, JsonObject obj, long version)
    {
        var metadata = obj["metadata"]!.AsObject();
        if (version > 0)
            metadata["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        else
            metadata.Remove("resourceVersion");
        var key = new ObjectKey((string?)metadata["namespace"] ?? "", (string?)metadata["name"] ?? "");
        return new StoredObject(key, version, metadata, Serialize(obj, metadata))
        {
            Fields = SelectableFields(definition, obj),
        };
    }

    /// <summary>A private, mutable copy.</summary>
    public JsonObject Thaw(ResourceDefinition definition)
    {
        var obj = new JsonObject { ["kind"] = definition.Kind, ["apiVersion"] = definition.ApiVersion };
        var body = new byte[Body.Length + 1];
        body[0] = (byte)'{';
        Body.CopyTo(body.AsMemory(1));
        var members = JsonNode.Parse(body)!.AsObject();
        while (members.Count > 0)
        {
            var (name, value) = members.GetAt(0);
            members.RemoveAt(0);
            obj[name] = value;
        }

        return obj;
    }

    private static ReadOnlyMemory<byte> Serialize(JsonObject obj, JsonObject metadata)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("metadata");
            metadata.WriteTo(writer);
            foreach (var (name, value) in obj)
            {
                if (name is "metadata" or "kind" or "apiVersion")
                    continue;
                writer.WritePropertyName(name);
                if (value is null)
                    writer.WriteNullValue();
                else
                    value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan[1..].ToArray();
    }

    private static ImmutableDictionary<string, string> SelectableFields(ResourceDefinition definition, JsonObject obj)
    {
        if (definition.SelectableFields.IsEmpty)
            return ImmutableDictionary<string, string>.Empty;
        var fields = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var path in definition.SelectableFields)
            fields[path] = Text(Find(obj, path));
        return fields.ToImmutable();
    }

    private static JsonNode? Find(JsonObject obj, string path)
    {
        JsonNode? node = obj;
        foreach (var segment in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            node = node is JsonObject o ? o[segment] : null;
        return node;
    }

    private static string Text(JsonNode? node) => node switch
    {
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
        JsonValue v => v.ToJsonString(),
        _ => "",
    };

    private static ImmutableDictionary<string, string> Strings(JsonNode? node) =>
        node is JsonObject o
            ? o.ToImmutableDictionary(p => p.Key, p => Text(p.Value), StringComparer.Ordinal)
            : ImmutableDictionary<string, string>.Empty;
}
