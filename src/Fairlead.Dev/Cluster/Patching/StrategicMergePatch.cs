using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Patching;

/// <summary>
/// Strategic merge patch: a merge patch that knows which lists are merged, and by which key, from the schema.
/// </summary>
public static class StrategicMergePatch
{
    /// <summary>The patched object. Neither argument is changed.</summary>
    /// <exception cref="ApiStatusException">400: the patch or one of its directives is malformed.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch, SchemaNode schema)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(patch);
        ArgumentNullException.ThrowIfNull(schema);
        return MergeObjects((JsonObject)target.DeepClone(), (JsonObject)patch.DeepClone(), schema, "");
    }

    /// <summary>Merges in place; both arguments belong to the caller's private copies.</summary>
    internal static JsonObject MergeObjects(JsonObject original, JsonObject patch, SchemaNode schema, string path)
    {
        if (patch.TryGetPropertyValue(StrategicDirectives.Patch, out var directive))
            return ApplyDirective(directive, patch, path);
        RetainKeys(original, patch, path);
        DeletePrimitives(original, patch, path);
        ApplyElementOrders(original, patch, schema, path);
        foreach (var (name, value) in patch.ToList())
            MergeMember(original, name, value, MemberSchema(schema, name), Join(path, name));
        return original;
    }

    private static void MergeMember(JsonObject original, string name, JsonNode? value, SchemaNode schema, string path)
    {
        switch (value)
        {
            case null:
                original.Remove(name);
                break;
            case JsonObject changes:
                original[name] = MergeObjects(Take(original, name) as JsonObject ?? [], changes, schema, path);
                break;
            case JsonArray changes when schema.PatchStrategy.HasFlag(PatchStrategy.Merge):
                original[name] = StrategicListMerge.Merge(Take(original, name) as JsonArray ?? [], changes, null, schema, path);
                break;
            default:
                original[name] = value.DeepClone();
                break;
        }
    }

    private static JsonObject ApplyDirective(JsonNode? directive, JsonObject patch, string path)
    {
        switch (directive is JsonValue value && value.TryGetValue<string>(out var text) ? text : null)
        {
            case "delete":
                return [];
            case "replace":
                var replacement = (JsonObject)patch.DeepClone();
                replacement.Remove(StrategicDirectives.Patch);
                return replacement;
            default:
                throw PatchFailure.Malformed(
                    $"{Shown(path)}: unknown patch type {directive?.ToJsonString() ?? "null"} in $patch; an object knows \"replace\" and \"delete\"");
        }
    }

    private static void RetainKeys(JsonObject original, JsonObject patch, string path)
    {
        if (!patch.TryGetPropertyValue(StrategicDirectives.RetainKeys, out var directive))
            return;
        patch.Remove(StrategicDirectives.RetainKeys);
        if (directive is not JsonArray list || list.Any(key => key is not JsonValue text || !text.TryGetValue<string>(out _)))
            throw PatchFailure.Malformed($"{Shown(path)}: $retainKeys must be a list of member names");
        var retained = list.Select(key => key!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in patch)
        {
            if (value is not null && !name.StartsWith('$') && !retained.Contains(name))
                throw PatchFailure.Malformed($"{Shown(path)}: $retainKeys list doesn't cover all fields present in the patch: \"{name}\"");
        }

        foreach (var name in original.Select(member => member.Key).Where(name => !retained.Contains(name)).ToList())
            original.Remove(name);
    }

    private static void DeletePrimitives(JsonObject original, JsonObject patch, string path)
    {
        foreach (var (member, value) in TakeDirectives(patch, StrategicDirectives.DeleteFromPrimitiveList, path))
        {
            if (original[member] is not JsonArray list)
                continue;
            var elements = new ListElements(null);
            var kept = list.Where(e => elements.IndexOf(value, e) < 0).Select(e => e?.DeepClone()).ToArray();
            original[member] = new JsonArray(kept);
        }
    }

    private static void ApplyElementOrders(JsonObject original, JsonObject patch, SchemaNode schema, string path)
    {
        foreach (var (member, order) in TakeDirectives(patch, StrategicDirectives.SetElementOrder, path))
        {
            var memberPath = Join(path, member);
            var memberSchema = MemberSchema(schema, member);
            if (!memberSchema.PatchStrategy.HasFlag(PatchStrategy.Merge))
                throw PatchFailure.Malformed($"{memberPath}: $setElementOrder is for lists that are merged; this one is replaced as a whole");
            if (patch.TryGetPropertyValue(member, out var value) && value is not (null or JsonArray))
                throw PatchFailure.Malformed($"{memberPath} must be a list, not {PatchFailure.Describe(value)}");
            if (patch.ContainsKey(member) && value is null)
                continue;
            patch.Remove(member);
            var current = Take(original, member) as JsonArray;
            if (current is null && value is null)
                continue;
            original[member] = StrategicListMerge.Merge(current ?? [], value as JsonArray ?? [], order, memberSchema, memberPath);
        }
    }

    private static List<(string Member, JsonArray Value)> TakeDirectives(JsonObject patch, string prefix, string path)
    {
        var found = new List<(string, JsonArray)>();
        foreach (var (name, value) in patch.ToList())
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            patch.Remove(name);
            found.Add(value is JsonArray list
                ? (name[prefix.Length..], list)
                : throw PatchFailure.Malformed($"{Shown(path)}: \"{name}\" must be a list, not {PatchFailure.Describe(value)}"));
        }

        return found;
    }

    private static SchemaNode MemberSchema(SchemaNode schema, string name) =>
        schema.Properties.TryGetValue(name, out var member) ? member : schema.AdditionalProperties ?? SchemaNode.Any;

    private static JsonNode? Take(JsonObject obj, string name)
    {
        var value = obj[name];
        obj.Remove(name);
        return value;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Shown(string path) => path.Length == 0 ? "the patch" : path;
}
