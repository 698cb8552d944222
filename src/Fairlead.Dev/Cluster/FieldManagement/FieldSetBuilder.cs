using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>The fields an applied configuration speaks of.</summary>
internal static class FieldSetBuilder
{
    public static FieldSet Build(JsonNode? value, SchemaNode schema) => value switch
    {
        JsonObject obj when !schema.AtomicMap => OfObject(obj, schema),
        JsonArray list when ListTopology.IsGranular(list, schema) => OfList(list, schema),
        _ => FieldSet.Leaf(),
    };

    private static FieldSet OfObject(JsonObject obj, SchemaNode schema)
    {
        // An empty object is a value of its own; otherwise the members are what is owned.
        var set = new FieldSet { IsMember = obj.Count == 0 };
        foreach (var (name, value) in obj)
        {
            var child = Build(value, ListTopology.Member(schema, name));
            // Entries of a map exist by themselves, declared fields only through what they hold.
            child.IsMember |= !schema.Properties.ContainsKey(name);
            set.Attach(PathElement.Field(name), child);
        }

        return set;
    }

    private static FieldSet OfList(JsonArray list, SchemaNode schema)
    {
        var set = new FieldSet();
        foreach (var (element, group) in ListTopology.Group(list, schema))
        {
            var child = group.Count == 1 ? Build(group[0], ListTopology.Element(schema)) : new FieldSet();
            child.IsMember = true;
            set.Attach(element, child);
        }

        return set;
    }
}
