using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Removes members that a structural schema does not declare.</summary>
public static class SchemaPruner
{
    /// <summary>
    /// Removes undeclared members in place and returns their paths (<c>spec.rules[2].typo</c>), sorted within each object.
    /// The schema covers the whole object, so <c>apiVersion</c>, <c>kind</c> and <c>metadata</c> must be declared by it.
    /// </summary>
    public static ImmutableArray<string> Prune(JsonNode? value, SchemaNode schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var removed = ImmutableArray.CreateBuilder<string>();
        Prune(value, schema, FieldPath.Root, removed);
        return removed.ToImmutable();
    }

    private static void Prune(JsonNode? value, SchemaNode schema, FieldPath path, ImmutableArray<string>.Builder removed)
    {
        switch (value)
        {
            case JsonObject obj:
                PruneObject(obj, schema, path, removed);
                break;
            case JsonArray array when schema.Items is { } items:
                for (var i = 0; i < array.Count; i++)
                    Prune(array[i], items, path.Index(i), removed);
                break;
        }
    }

    private static void PruneObject(JsonObject obj, SchemaNode schema, FieldPath path, ImmutableArray<string>.Builder removed)
    {
        foreach (var (name, value) in obj.OrderBy(member => member.Key, StringComparer.Ordinal).ToList())
        {
            if (schema.Properties.TryGetValue(name, out var declared))
            {
                Prune(value, declared, path.Member(name), removed);
            }
            else if (schema.EmbeddedResource && ObjectMetaSchema.TypeAndMeta.TryGetValue(name, out var common))
            {
                Prune(value, common, path.Member(name), removed);
            }
            else if (schema.AdditionalProperties is { } additional)
            {
                Prune(value, additional, path.Member(name), removed);
            }
            else if (!schema.PreserveUnknownFields)
            {
                obj.Remove(name);
                removed.Add(path.Member(name).ToString());
            }
        }
    }
}
