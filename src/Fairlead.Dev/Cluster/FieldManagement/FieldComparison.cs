using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>What changed between two states of an object, field by field.</summary>
internal sealed record FieldComparison(FieldSet Added, FieldSet Modified, FieldSet Removed)
{
    public static FieldComparison Between(JsonNode? before, JsonNode? after, SchemaNode schema)
    {
        var result = new FieldComparison(new FieldSet(), new FieldSet(), new FieldSet());
        result.Compare(new Side(before, true), new Side(after, true), schema, []);
        return result;
    }

    /// <summary>Without changes at or below the given paths.</summary>
    public FieldComparison Ignoring(FieldSet ignored) =>
        new(Added.RecursiveDifference(ignored), Modified.RecursiveDifference(ignored), Removed.RecursiveDifference(ignored));

    private void Compare(Side before, Side after, SchemaNode schema, List<string> path)
    {
        switch (before.Value, after.Value)
        {
            case (JsonObject or null, JsonObject or null) when !schema.AtomicMap && (HasMembers(before) || HasMembers(after)):
                CompareMembers(before, after, schema, path);
                NotePresence(before, after, path);
                break;
            case (JsonArray or null, JsonArray or null) when IsGranular(before, after, schema):
                CompareElements(before, after, schema, path);
                NotePresence(before, after, path);
                break;
            default:
                NotePresence(before, after, path);
                if (before.Exists && after.Exists && !JsonNode.DeepEquals(before.Value, after.Value))
                {
                    Insert(Modified, path);
                    ComparePartsOfOther(before, after, schema, path);
                }

                break;
        }
    }

    /// <summary>A value that became another kind of value: the parts of the old one are gone, those of the new one are new.</summary>
    private void ComparePartsOfOther(Side before, Side after, SchemaNode schema, List<string> path)
    {
        if (schema.AtomicMap || TypeConstraint.NameOf(before.Value) == TypeConstraint.NameOf(after.Value))
            return;
        if (before.Value is JsonObject)
            CompareMembers(before, Side.Absent, schema, path);
        if (after.Value is JsonObject)
            CompareMembers(Side.Absent, after, schema, path);
    }

    private void CompareMembers(Side before, Side after, SchemaNode schema, List<string> path)
    {
        var old = before.Value as JsonObject ?? [];
        var updated = after.Value as JsonObject ?? [];
        foreach (var name in old.Select(m => m.Key).Union(updated.Select(m => m.Key)))
        {
            Descend(
                new Side(old[name], old.ContainsKey(name)),
                new Side(updated[name], updated.ContainsKey(name)),
                ListTopology.Member(schema, name),
                PathElement.Field(name),
                path);
        }
    }

    private void CompareElements(Side before, Side after, SchemaNode schema, List<string> path)
    {
        var old = ListTopology.Group(before.Value as JsonArray ?? [], schema);
        var updated = ListTopology.Group(after.Value as JsonArray ?? [], schema);
        foreach (var element in old.Keys.Union(updated.Keys))
        {
            var left = old.GetValueOrDefault(element) ?? [];
            var right = updated.GetValueOrDefault(element) ?? [];
            // Duplicates cannot be told apart: they are compared, and owned, as one.
            var single = left.Count <= 1 && right.Count <= 1;
            Descend(
                single ? Only(left) : All(left),
                single ? Only(right) : All(right),
                single ? ListTopology.Element(schema) : SchemaNode.Any,
                element,
                path);
        }
    }

    private void Descend(Side before, Side after, SchemaNode schema, string element, List<string> path)
    {
        path.Add(element);
        Compare(before, after, schema, path);
        path.RemoveAt(path.Count - 1);
    }

    private void NotePresence(Side before, Side after, List<string> path)
    {
        if (!before.Exists)
            Insert(Added, path);
        else if (!after.Exists)
            Insert(Removed, path);
    }

    private static Side Only(List<JsonNode?> group) => new(group.FirstOrDefault(), group.Count > 0);

    private static Side All(List<JsonNode?> group) =>
        new(group.Count == 0 ? null : new JsonArray(group.Select(e => e?.DeepClone()).ToArray()), group.Count > 0);

    private static bool HasMembers(Side side) => side.Value is JsonObject { Count: > 0 };

    private static bool IsGranular(Side before, Side after, SchemaNode schema) =>
        (before.Value is JsonArray { Count: > 0 } || after.Value is JsonArray { Count: > 0 })
        && (before.Value is not JsonArray left || ListTopology.IsGranular(left, schema))
        && (after.Value is not JsonArray right || ListTopology.IsGranular(right, schema));

    private static void Insert(FieldSet set, List<string> path)
    {
        foreach (var element in path)
            set = set.Child(element);
        set.IsMember = true;
    }

    /// <summary>A value and whether its member is there at all: an explicit null exists.</summary>
    private readonly record struct Side(JsonNode? Value, bool Exists)
    {
        public static Side Absent => default;
    }
}
