using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Fairlead.Kubernetes.Client;

/// <summary>A change to an object that leaves everything else as it is.</summary>
public readonly struct Patch
{
    private Patch(string mediaType, ReadOnlyMemory<byte> body, bool repeatable)
    {
        MediaType = mediaType;
        Body = body;
        Repeatable = repeatable;
    }

    internal string MediaType { get; }

    internal ReadOnlyMemory<byte> Body { get; }

    /// <summary>Applying it twice has the effect of applying it once.</summary>
    internal bool Repeatable { get; }

    /// <summary>RFC 7386: members given replace, null removes, lists are replaced as a whole.</summary>
    public static Patch Merge(JsonObject patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return Merge(ToUtf8(patch));
    }

    /// <summary>RFC 7386, from a typed object; members that its serialisation leaves out stay as they are.</summary>
    public static Patch Merge<T>(T patch, JsonTypeInfo<T> type) => Merge(JsonSerializer.SerializeToUtf8Bytes(patch, type));

    /// <summary>RFC 7386, as UTF-8 JSON.</summary>
    public static Patch Merge(ReadOnlyMemory<byte> utf8) => new("application/merge-patch+json", utf8, repeatable: true);

    /// <summary>RFC 6902: operations in order; a failed <c>test</c> fails the whole.</summary>
    public static Patch Json(JsonArray operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        return new("application/json-patch+json", ToUtf8(operations), repeatable: false);
    }

    /// <summary>The server's own merge, which knows the keys of built-in lists; custom resources have none.</summary>
    public static Patch StrategicMerge(ReadOnlyMemory<byte> utf8) => new("application/strategic-merge-patch+json", utf8, repeatable: true);

    private static byte[] ToUtf8(JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            node.WriteTo(writer);

        return stream.ToArray();
    }
}
