using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Fills in defaults as a structural schema asks for.</summary>
public static class SchemaDefaulter
{
    /// <summary>
    /// Sets absent members that have a default, in place and all the way down. A null where the schema does not allow it
    /// counts as absent: it becomes the default, or goes away. Lists keep their length: a null element is defaulted or stays.
    /// </summary>
    /// <param name="keepNulls">A null that has no default stays, for validation to refuse.</param>
    public static void Apply(JsonNode? value, SchemaNode schema, bool keepNulls = false)
    {
        ArgumentNullException.ThrowIfNull(schema);
        switch (value)
        {
            case JsonObject obj:
                ApplyToObject(obj, schema, keepNulls);
                break;
            case JsonArray array when schema.Items is { } items:
                ApplyToArray(array, items, keepNulls);
                break;
        }
    }

    private static void ApplyToObject(JsonObject obj, SchemaNode schema, bool keepNulls)
    {
        foreach (var name in obj.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            var member = schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties;
            if (member is not null && ForbidsNull(member) && !(keepNulls && member.Default is null))
                Replace(obj, name, member);
        }

        foreach (var (name, member) in schema.Properties)
        {
            if (member.Default is not null && !obj.ContainsKey(name))
                obj[name] = member.Default.DeepClone();
        }

        foreach (var (name, value) in obj)
        {
            if ((schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } member)
                Apply(value, member, keepNulls);
        }
    }

    private static void ApplyToArray(JsonArray array, SchemaNode items, bool keepNulls)
    {
        for (var i = 0; i < array.Count; i++)
        {
            if (array[i] is null && ForbidsNull(items) && items.Default is not null)
                array[i] = items.Default.DeepClone();
            Apply(array[i], items, keepNulls);
        }
    }

    private static void Replace(JsonObject obj, string name, SchemaNode member)
    {
        if (member.Default is null)
            obj.Remove(name);
        else
            obj[name] = member.Default.DeepClone();
    }

    private static bool ForbidsNull(SchemaNode schema) => !schema.Nullable && (schema.Type is not null || schema.IntOrString);
}
