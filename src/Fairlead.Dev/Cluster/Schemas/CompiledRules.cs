using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>The rules of one schema node, compiled when first needed and kept as long as the schema lives.</summary>
internal sealed class CompiledRules
{
    private static readonly ConditionalWeakTable<SchemaNode, CompiledRules> Cache = [];

    private static readonly ConditionalWeakTable<SchemaNode, object> Presence = [];

    private CompiledRules(SchemaNode schema)
    {
        Schema = SchemaJson.Write(schema);
        Rules = [.. schema.Validations.Select(rule => CompiledRule.Compile(rule, Schema))];
    }

    /// <summary>The node's schema, by which values are converted.</summary>
    public JsonObject Schema { get; }

    public ImmutableArray<CompiledRule> Rules { get; }

    public static CompiledRules Of(SchemaNode schema) => Cache.GetValue(schema, static node => new CompiledRules(node));

    /// <summary>Whether the node, or any below it, has rules.</summary>
    public static bool AnyIn(SchemaNode schema) => (bool)Presence.GetValue(schema, static node => Search(node));

    private static bool Search(SchemaNode schema) =>
        !schema.Validations.IsEmpty
        || schema.Properties.Values.Any(AnyIn)
        || (schema.AdditionalProperties is { } values && AnyIn(values))
        || (schema.Items is { } items && AnyIn(items));
}
