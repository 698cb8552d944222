using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Patching;

/// <summary>Strategic merge of a list whose elements are merged by key, or by value where they are no objects.</summary>
internal static class StrategicListMerge
{
    /// <param name="order">Order wanted by <c>$setElementOrder</c>; null: the order of the patch.</param>
    public static JsonArray Merge(JsonArray original, JsonArray patch, JsonArray? order, SchemaNode schema, string path)
    {
        var ofObjects = patch.Concat(original).Any(e => e is JsonObject) || schema.PatchMergeKey is not null;
        if (patch.Any(e => e is JsonArray))
            throw PatchFailure.Malformed($"{path}: lists of lists cannot be merged");
        if (!ofObjects)
            return MergeValues(original, patch, order, path);
        if (schema.PatchMergeKey is not { } key)
            throw PatchFailure.Malformed($"{path}: the list cannot be merged by key because its schema names no merge key");
        return MergeByKey(original, patch, order, schema, key, path);
    }

    private static JsonArray MergeValues(JsonArray original, JsonArray patch, JsonArray? order, string path)
    {
        var elements = new ListElements(null);
        CheckOrder(elements, patch, order, path);
        var merged = new List<JsonNode?>();
        foreach (var element in original.Concat(patch))
        {
            if (elements.IndexOf(merged, element) < 0)
                merged.Add(element);
        }

        return Detach(elements.Order(merged, order ?? patch, original));
    }

    private static JsonArray MergeByKey(
        JsonArray original, JsonArray patch, JsonArray? order, SchemaNode schema, string key, string path)
    {
        var elements = new ListElements(key);
        var merged = original.ToList();
        var changes = new List<JsonNode?>();
        var replace = false;
        foreach (var element in patch)
        {
            if (element is not JsonObject obj)
                throw PatchFailure.Malformed($"{path}: elements must be objects, not {PatchFailure.Describe(element)}");
            switch (Directive(obj, path))
            {
                case "replace":
                    replace = true;
                    break;
                case "delete":
                    RequireKey(obj, key, path);
                    merged.RemoveAll(e => elements.Same(e, obj));
                    break;
                default:
                    RequireKey(obj, key, path);
                    changes.Add(obj);
                    break;
            }
        }

        if (replace)
            return Detach(changes);
        CheckOrder(elements, changes, order, path);
        foreach (var change in changes.Cast<JsonObject>())
        {
            var index = elements.IndexOf(merged, change);
            var current = index >= 0 ? (JsonObject)merged[index]!.DeepClone() : [];
            var result = StrategicMergePatch.MergeObjects(current, (JsonObject)change.DeepClone(), schema.Items ?? SchemaNode.Any, $"{path}[]");
            if (index >= 0)
                merged[index] = result;
            else
                merged.Add(result);
        }

        return Detach(elements.Order(merged, (IList<JsonNode?>?)order ?? changes, original));
    }

    private static string? Directive(JsonObject element, string path)
    {
        if (!element.TryGetPropertyValue(StrategicDirectives.Patch, out var directive))
            return null;
        var text = directive is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;
        if (text == "merge")
            throw PatchFailure.Malformed($"{path}: merging list cannot yet be specified in the patch");
        return text is "replace" or "delete"
            ? text
            : throw PatchFailure.Malformed(
                $"{path}: unknown patch type {directive?.ToJsonString() ?? "null"} in $patch; a list element knows \"replace\" and \"delete\"");
    }

    private static void RequireKey(JsonObject element, string key, string path)
    {
        if (!element.ContainsKey(key))
            throw PatchFailure.Malformed($"{path}: an element of the patch does not contain the declared merge key \"{key}\"");
    }

    /// <summary>Elements of the patch must appear in the wanted order, in the same sequence.</summary>
    private static void CheckOrder(ListElements elements, IList<JsonNode?> patch, JsonArray? order, string path)
    {
        if (order is null)
            return;
        var last = -1;
        foreach (var element in patch)
        {
            var index = elements.IndexOf(order, element);
            if (index <= last)
                throw PatchFailure.Malformed($"{path}: the order in the patch list doesn't match its $setElementOrder list");
            last = index;
        }
    }

    private static JsonArray Detach(IEnumerable<JsonNode?> elements) => new(elements.Select(e => e?.DeepClone()).ToArray());
}
