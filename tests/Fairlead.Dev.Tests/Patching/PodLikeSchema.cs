using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Tests.Patching;

/// <summary>The parts of a Deployment that show how lists merge.</summary>
internal static class PodLikeSchema
{
    private static readonly SchemaNode Text = new() { Type = "string" };

    private static readonly SchemaNode Port = Object(
        ("containerPort", new SchemaNode { Type = "integer" }), ("name", Text), ("protocol", Text with { Default = "TCP" }));

    private static readonly SchemaNode Container = Object(
        ("args", new SchemaNode { Type = "array", Items = Text }),
        ("env", List(Object(("name", Text), ("value", Text)), "name", "name")),
        ("image", Text),
        ("name", Text),
        ("ports", List(Port, "containerPort", "containerPort", "protocol")));

    public static SchemaNode Root { get; } = Object(
        ("containers", List(Container, "name", "name")),
        ("metadata", ObjectMetaSchema.ObjectMeta),
        ("strategy", Object(("rollingUpdate", Object(("maxSurge", new SchemaNode { IntOrString = true }))), ("type", Text))));

    private static SchemaNode List(SchemaNode items, string mergeKey, params string[] keys) => new()
    {
        Type = "array",
        Items = items,
        ListType = ListType.Map,
        ListMapKeys = [.. keys],
        PatchMergeKey = mergeKey,
        PatchStrategy = PatchStrategy.Merge,
    };

    private static SchemaNode Object(params (string Name, SchemaNode Schema)[] members) => new()
    {
        Type = "object",
        Properties = members.ToImmutableSortedDictionary(m => m.Name, m => m.Schema, StringComparer.Ordinal),
    };
}
