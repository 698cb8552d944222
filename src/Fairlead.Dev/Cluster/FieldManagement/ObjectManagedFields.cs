using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary><c>metadata.managedFields</c> inside an object.</summary>
internal static class ObjectManagedFields
{
    private const string Member = "managedFields";

    public static JsonNode? Get(JsonObject? obj) => (obj?["metadata"] as JsonObject)?[Member];

    /// <summary>A copy of the object without its managers.</summary>
    public static JsonObject Without(JsonObject obj)
    {
        var copy = (JsonObject)obj.DeepClone();
        (copy["metadata"] as JsonObject)?.Remove(Member);
        return copy;
    }

    public static void Set(JsonObject obj, JsonNode? managers)
    {
        if (obj["metadata"] is not JsonObject metadata)
            obj["metadata"] = metadata = [];
        metadata.Remove(Member);
        if (managers is not null)
            metadata[Member] = managers;
    }

    /// <summary>Empty collections of metadata are not stored; who wrote them may own them all the same.</summary>
    public static void DropEmptyMetadata(JsonObject obj)
    {
        if (obj["metadata"] is not JsonObject metadata)
            return;
        foreach (var name in (ReadOnlySpan<string>)["annotations", "finalizers", "labels", "ownerReferences"])
        {
            if (metadata[name] is JsonObject { Count: 0 } or JsonArray { Count: 0 })
                metadata.Remove(name);
        }
    }

    /// <summary>
    /// What the stored object says. Entries that cannot be read count as none: they must not keep an object from being written.
    /// </summary>
    public static ManagedFields ReadLive(JsonObject? live) => TryRead(Get(live)) ?? new ManagedFields();

    /// <summary>
    /// The managers an update starts from: those it sends, when it sends any that can be read, else those of the stored object.
    /// A list of one empty entry resets them; an empty list says nothing.
    /// </summary>
    public static ManagedFields ReadForUpdate(JsonObject? live, JsonObject updated)
    {
        var sent = Get(updated);
        if (sent is JsonArray { Count: 1 } list && list[0] is JsonObject { Count: 0 })
            return new ManagedFields();
        return TryRead(sent) is { IsEmpty: false } managers ? managers : ReadLive(live);
    }

    /// <summary>Whether two lists differ in nothing but times.</summary>
    public static bool EqualButTimes(JsonNode? a, JsonNode? b) => JsonNode.DeepEquals(Timeless(a), Timeless(b));

    private static JsonNode? Timeless(JsonNode? managers)
    {
        var copy = managers?.DeepClone();
        foreach (var entry in copy as JsonArray ?? [])
            (entry as JsonObject)?.Remove("time");
        return copy is JsonArray list ? Sorted(list) : copy;
    }

    // The order follows the times, so it must not count either.
    private static JsonArray Sorted(JsonArray list) =>
        new(list.Select(entry => entry?.DeepClone()).OrderBy(entry => entry?.ToJsonString(), StringComparer.Ordinal).ToArray());

    private static ManagedFields? TryRead(JsonNode? node)
    {
        try
        {
            return ManagedFields.Read(node);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
