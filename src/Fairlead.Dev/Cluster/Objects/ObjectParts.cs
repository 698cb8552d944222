using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Which members of an object a write to it, or to one of its subresources, may change.</summary>
internal static class ObjectParts
{
    private const string Spec = "spec";
    private const string Status = "status";

    /// <summary>The stored object with the members taken over that the request may write.</summary>
    public static JsonObject Select(ResourceDefinition definition, string? subresource, JsonObject written, JsonObject stored)
    {
        switch (subresource)
        {
            case null:
                if (definition.HasStatus)
                    Copy(stored, written, Status);
                return written;
            case "scale":
                Copy(stored, written, Status);
                return written;
            case "finalize":
                return WithFinalizers(written, stored);
            default:
                var merged = stored.DeepClone().AsObject();
                Copy(written, merged, Status);
                if (definition.StatusTakesMetadata)
                    Copy(written, merged, "metadata");
                else
                    Copy(written["metadata"]!.AsObject(), merged["metadata"]!.AsObject(), "managedFields");
                return merged;
        }
    }

    /// <summary>Whether anything that <c>metadata.generation</c> counts differs.</summary>
    public static bool SpecChanged(ResourceDefinition definition, JsonObject obj, JsonObject old)
    {
        foreach (var name in obj.Select(p => p.Key).Union(old.Select(p => p.Key)))
        {
            if (name is "metadata" or "kind" or "apiVersion" || (name == Status && definition.HasStatus))
                continue;
            if (!JsonNode.DeepEquals(obj[name], old[name]))
                return true;
        }

        return false;
    }

    private static JsonObject WithFinalizers(JsonObject written, JsonObject stored)
    {
        var merged = stored.DeepClone().AsObject();
        var spec = merged[Spec] as JsonObject;
        if (spec is null)
            merged[Spec] = spec = [];
        Copy(written[Spec] as JsonObject ?? [], spec, "finalizers");
        Copy(written["metadata"]!.AsObject(), merged["metadata"]!.AsObject(), "finalizers");
        return merged;
    }

    private static void Copy(JsonObject from, JsonObject to, string member)
    {
        if (from[member] is { } value)
            to[member] = value.DeepClone();
        else
            to.Remove(member);
    }
}
