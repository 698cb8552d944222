using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>Lays an applied configuration over an object.</summary>
internal static class ApplyMerge
{
    /// <summary>The merged value; neither argument is changed.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? applied, SchemaNode schema) => (live, applied) switch
    {
        (JsonObject old, JsonObject wanted) when !schema.AtomicMap => MergeObjects(old, wanted, schema),
        (JsonArray old, JsonArray wanted) when ListTopology.IsGranular(old, schema) && ListTopology.IsGranular(wanted, schema)
            => MergeLists(old, wanted, schema),
        _ => applied?.DeepClone(),
    };

    private static JsonObject MergeObjects(JsonObject live, JsonObject applied, SchemaNode schema)
    {
        var result = (JsonObject)live.DeepClone();
        foreach (var (name, value) in applied)
            result[name] = Merge(live[name], value, ListTopology.Member(schema, name));
        return result;
    }

    /// <summary>
    /// Applied elements keep the applied order; elements only the live list has stay in front of the shared element they
    /// preceded.
    /// </summary>
    private static JsonArray MergeLists(JsonArray live, JsonArray applied, SchemaNode schema)
    {
        var old = Identified(live, schema);
        var wanted = Identified(applied, schema);
        var oldIds = old.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        var wantedIds = wanted.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        var firstOld = old.DistinctBy(e => e.Id).ToDictionary(e => e.Id, e => e.Value, StringComparer.Ordinal);
        var shared = new Queue<string>(wanted.Select(e => e.Id).Where(oldIds.Contains));
        var result = new JsonArray();
        var (i, j) = (0, 0);
        while (i < old.Count || j < wanted.Count)
        {
            if (i < old.Count && j < wanted.Count && old[i].Id == wanted[j].Id)
            {
                Take(wanted[j]);
                i++;
                j++;
            }
            else if (i < old.Count && !wantedIds.Contains(old[i].Id))
            {
                result.Add(old[i++].Value?.DeepClone());
            }
            else if (i < old.Count && shared.TryPeek(out var next) && next != old[i].Id)
            {
                // A shared element that comes later in the applied order is emitted there.
                i++;
            }
            else if (j < wanted.Count)
            {
                Take(wanted[j++]);
            }
            else
            {
                i++;
            }
        }

        return result;

        void Take((string Id, JsonNode? Value) element)
        {
            result.Add(firstOld.TryGetValue(element.Id, out var current)
                ? Merge(current, element.Value, ListTopology.Element(schema))
                : element.Value?.DeepClone());
            if (shared.TryPeek(out var head) && head == element.Id)
                shared.Dequeue();
        }
    }

    private static List<(string Id, JsonNode? Value)> Identified(JsonArray list, SchemaNode schema) =>
        [.. list.Select(e => (ListTopology.ElementOf(e, schema), e))];
}
