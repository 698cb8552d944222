using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>Removes what a manager applied before, applies no longer, and nobody else owns.</summary>
internal static class ApplyPrune
{
    /// <param name="value">The merged object; changed in place.</param>
    /// <param name="before">What the manager owned by its last apply.</param>
    /// <param name="owned">What any manager owns now, the applying one included.</param>
    public static void Prune(JsonNode? value, SchemaNode schema, FieldSet before, FieldSet? owned)
    {
        switch (value)
        {
            case JsonObject obj when !schema.AtomicMap:
                PruneMembers(obj, schema, before, owned);
                break;
            case JsonArray list when ListTopology.IsGranular(list, schema):
                PruneElements(list, schema, before, owned);
                break;
        }
    }

    private static void PruneMembers(JsonObject obj, SchemaNode schema, FieldSet before, FieldSet? owned)
    {
        foreach (var (name, value) in obj.ToList())
        {
            var element = PathElement.Field(name);
            if (!before.Children.TryGetValue(element, out var last))
                continue;
            // A declared field is owned through whatever is owned inside it.
            var declared = schema.Properties.ContainsKey(name);
            var now = owned?.Children.GetValueOrDefault(element);
            var isOwned = now is not null && (declared ? !now.IsEmpty : now.IsMember);
            if (!isOwned && (declared || last.IsMember))
            {
                obj.Remove(name);
                continue;
            }

            var wasEmpty = IsEmptyList(value);
            Prune(value, ListTopology.Member(schema, name), last, now);

            // A list that pruning emptied is gone, whoever owns the bare list; an emptied object stays, as on a real server.
            if (!wasEmpty && IsEmptyList(value))
                obj.Remove(name);
        }
    }

    private static bool IsEmptyList(JsonNode? value) => value is JsonArray { Count: 0 };

    private static void PruneElements(JsonArray list, SchemaNode schema, FieldSet before, FieldSet? owned)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            var element = ListTopology.ElementOf(list[i], schema);
            if (!before.Children.TryGetValue(element, out var last))
                continue;
            var now = owned?.Children.GetValueOrDefault(element);
            if (last.IsMember && now is not { IsMember: true })
                list.RemoveAt(i);
            else
                Prune(list[i], ListTopology.Element(schema), last, now);
        }
    }
}
