using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>The rules of one schema node, compiled when first needed and kept as long as the schema lives.</summary>
internal sealed class CompiledRules
{
    private static readonly ConditionalWeakTable<SchemaNode, CompiledRules> Cache = [];

    private static readonly ConditionalWeakTable<SchemaNode, object> Presence = [];

    private CompiledRules(SchemaNode schema)
    {
        Schema = schema;
        var isResource = schema.EmbeddedResource || IsWholeObject(schema);
        Rules = [.. schema.Validations.Select(rule => CompiledRule.Compile(rule, schema, isResource))];
    }

    /// <summary>The node's schema, by which values are converted.</summary>
    public SchemaNode Schema { get; }

    public ImmutableArray<CompiledRule> Rules { get; }

    public static CompiledRules Of(SchemaNode schema) => Cache.GetValue(schema, static node => new CompiledRules(node));

    /// <summary>Whether the node, or any below it, has rules.</summary>
    public static bool AnyIn(SchemaNode schema) => (bool)Presence.GetValue(schema, static node => Search(node));

    private static bool IsWholeObject(SchemaNode schema) =>
        schema.Properties.TryGetValue("metadata", out var metadata) && metadata.Properties.ContainsKey("managedFields");

    private static bool Search(SchemaNode schema) =>
        !schema.Validations.IsEmpty
        || schema.Properties.Values.Any(AnyIn)
        || (schema.AdditionalProperties is { } values && AnyIn(values))
        || (schema.Items is { } items && AnyIn(items));
}
