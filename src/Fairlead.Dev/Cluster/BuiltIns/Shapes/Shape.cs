using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>
/// Words in which the schemas of built-in resources are written. Plain scalars vanish when they are zero; the
/// <c>Optional…</c> ones tell zero from absent, as pointer fields do.
/// </summary>
internal static class Shape
{
    public static readonly SchemaNode Text = new() { Type = "string", OmitZero = true };
    public static readonly SchemaNode OptionalText = new() { Type = "string" };
    public static readonly SchemaNode Flag = new() { Type = "boolean", OmitZero = true };
    public static readonly SchemaNode OptionalFlag = new() { Type = "boolean" };
    public static readonly SchemaNode Number32 = new() { Type = "integer", Format = "int32", OmitZero = true };
    public static readonly SchemaNode OptionalNumber32 = new() { Type = "integer", Format = "int32" };
    public static readonly SchemaNode Number64 = new() { Type = "integer", Format = "int64", OmitZero = true };
    public static readonly SchemaNode OptionalNumber64 = new() { Type = "integer", Format = "int64" };
    public static readonly SchemaNode Bytes = new() { Type = "string", Format = "byte", OmitZero = true, AllowsEmpty = true };
    public static readonly SchemaNode Time = new() { Type = "string", Format = "date-time", Nullable = true, OmitZero = true };
    public static readonly SchemaNode QuantityText = new() { IntOrString = true, Format = "quantity" };
    public static readonly SchemaNode IntOrString = new() { IntOrString = true };

    /// <summary>Map of text to text, merged key by key.</summary>
    public static readonly SchemaNode TextMap = MapOf(OptionalText);

    public static readonly SchemaNode QuantityMap = MapOf(QuantityText);
    public static readonly SchemaNode TextList = List(OptionalText);

    /// <summary>An object with declared members; a name that ends in <c>!</c> is required and kept even when zero.</summary>
    public static SchemaNode Object(params (string Name, SchemaNode Node)[] members)
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, SchemaNode>(StringComparer.Ordinal);
        var required = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, node) in members)
        {
            if (name.EndsWith('!'))
            {
                required.Add(name[..^1]);
                properties.Add(name[..^1], node with { OmitZero = false });
            }
            else
            {
                properties.Add(name, node);
            }
        }

        return new SchemaNode { Type = "object", Properties = properties.ToImmutable(), Required = required.ToImmutable() };
    }

    public static SchemaNode MapOf(SchemaNode value) => new() { Type = "object", AdditionalProperties = value, OmitZero = true };

    /// <summary>A list that is replaced as a whole.</summary>
    public static SchemaNode List(SchemaNode item) => new() { Type = "array", Items = item, OmitZero = true };

    /// <summary>A list of distinct scalars.</summary>
    public static SchemaNode SetOf(SchemaNode item) => List(item) with { ListType = ListType.Set };

    /// <summary>A list whose elements are known by <paramref name="keys"/>; strategic merge goes by the first.</summary>
    public static SchemaNode Keyed(SchemaNode item, params string[] keys) => List(item) with
    {
        ListType = ListType.Map,
        ListMapKeys = [.. keys],
        PatchMergeKey = keys[0],
        PatchStrategy = PatchStrategy.Merge,
    };

    /// <summary>One of some words, which messages list in order.</summary>
    public static SchemaNode OneOf(params string[] values) => Text with { Enum = [.. values.Order(StringComparer.Ordinal).Select(v => (JsonNode?)JsonValue.Create(v))] };

    /// <summary>An enumeration held by a pointer: the empty text is a wrong value, not absence.</summary>
    public static SchemaNode OptionalOneOf(params string[] values) => OneOf(values) with { OmitZero = false };

    public static SchemaNode Default(this SchemaNode node, string value) => node with { Default = JsonValue.Create(value) };

    public static SchemaNode Default(this SchemaNode node, int value) => node with { Default = JsonValue.Create(value) };

    public static SchemaNode Default(this SchemaNode node, bool value) => node with { Default = JsonValue.Create(value) };

    /// <summary>An object that is always there, be it empty.</summary>
    public static SchemaNode Present(this SchemaNode node) => node with { Default = new JsonObject() };

    public static SchemaNode Atomic(this SchemaNode node) => node with { AtomicMap = true };

    public static SchemaNode Merged(this SchemaNode node, string? key = null) =>
        node with { PatchStrategy = PatchStrategy.Merge, PatchMergeKey = key };

    public static SchemaNode RetainKeys(this SchemaNode node) => node with { PatchStrategy = node.PatchStrategy | PatchStrategy.RetainKeys };

    /// <summary>A list or map that is stored even when empty.</summary>
    public static SchemaNode KeepEmpty(this SchemaNode node) => node with { OmitZero = false };

    public static SchemaNode About(this SchemaNode node, string description) => node with { Description = description };
}
