using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Reads an <c>openAPIV3Schema</c> that <see cref="StructuralSchemaValidator"/> has accepted.</summary>
internal static class StructuralSchemaReader
{
    /// <summary>The schema of the whole object: what the author wrote plus the members every resource has.</summary>
    public static SchemaNode ReadRoot(JsonObject schema)
    {
        var root = Read(schema);
        var properties = root.Properties.SetItems(ObjectMetaSchema.TypeAndMeta);

        // Authors may restrict the name, and nothing else, of metadata.
        if (root.Properties.GetValueOrDefault("metadata") is { } restricted)
            properties = properties.SetItem("metadata", Restrict(ObjectMetaSchema.ObjectMeta, restricted));
        return root with { Properties = properties };
    }

    public static SchemaNode Read(JsonObject schema) => new()
    {
        Type = Text(schema, "type"),
        Format = Text(schema, "format"),
        Description = Text(schema, "description"),
        Properties = ReadProperties(schema),
        Required = Texts(schema, "required"),
        AdditionalProperties = ReadAdditional(schema["additionalProperties"]),
        Items = schema["items"] is JsonObject items ? Read(items) : null,
        ListType = Text(schema, "x-kubernetes-list-type") switch
        {
            "set" => ListType.Set,
            "map" => ListType.Map,
            _ => ListType.Atomic,
        },
        ListMapKeys = Texts(schema, "x-kubernetes-list-map-keys"),
        AtomicMap = Text(schema, "x-kubernetes-map-type") == "atomic",
        PreserveUnknownFields = Flag(schema, "x-kubernetes-preserve-unknown-fields"),
        IntOrString = Flag(schema, "x-kubernetes-int-or-string"),
        EmbeddedResource = Flag(schema, "x-kubernetes-embedded-resource"),
        Nullable = Flag(schema, "nullable"),
        Default = schema["default"]?.DeepClone(),
        Enum = schema["enum"] is JsonArray values ? [.. values.Select(value => value?.DeepClone())] : [],
        Pattern = Text(schema, "pattern"),
        MinLength = Whole(schema, "minLength"),
        MaxLength = Whole(schema, "maxLength"),
        MinItems = Whole(schema, "minItems"),
        MaxItems = Whole(schema, "maxItems"),
        UniqueItems = Flag(schema, "uniqueItems"),
        MinProperties = Whole(schema, "minProperties"),
        MaxProperties = Whole(schema, "maxProperties"),
        Minimum = Number(schema, "minimum"),
        Maximum = Number(schema, "maximum"),
        ExclusiveMinimum = Flag(schema, "exclusiveMinimum"),
        ExclusiveMaximum = Flag(schema, "exclusiveMaximum"),
        MultipleOf = Number(schema, "multipleOf"),
        AllOf = ReadAll(schema, "allOf"),
        AnyOf = ReadAll(schema, "anyOf"),
        OneOf = ReadAll(schema, "oneOf"),
        Not = schema["not"] is JsonObject not ? Read(not) : null,
        Validations = schema["x-kubernetes-validations"] is JsonArray rules ? [.. rules.OfType<JsonObject>().Select(ReadRule)] : [],
    };

    public static ValidationRule ReadRule(JsonObject rule) => new()
    {
        Rule = Text(rule, "rule") ?? "",
        Message = Text(rule, "message"),
        MessageExpression = Text(rule, "messageExpression"),
        Reason = Text(rule, "reason"),
        FieldPath = Text(rule, "fieldPath"),
        OptionalOldSelf = Flag(rule, "optionalOldSelf"),
    };

    public static string? Text(JsonObject obj, string name) =>
        obj[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool Flag(JsonObject obj, string name) => obj[name]?.GetValueKind() == JsonValueKind.True;

    public static ImmutableArray<string> Texts(JsonObject obj, string name) =>
        obj[name] is JsonArray list ? [.. list.OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var t) ? t : "")] : [];

    private static SchemaNode Restrict(SchemaNode metadata, SchemaNode restriction)
    {
        var properties = metadata.Properties;
        foreach (var (name, member) in restriction.Properties)
        {
            var description = properties.GetValueOrDefault(name)?.Description;
            properties = properties.SetItem(name, member with { Description = member.Description ?? description });
        }

        return metadata with { Properties = properties, Required = restriction.Required };
    }

    private static ImmutableSortedDictionary<string, SchemaNode> ReadProperties(JsonObject schema)
    {
        if (schema["properties"] is not JsonObject properties)
            return ImmutableSortedDictionary<string, SchemaNode>.Empty.WithComparers(StringComparer.Ordinal);
        return properties
            .Where(member => member.Value is JsonObject)
            .ToImmutableSortedDictionary(member => member.Key, member => Read((JsonObject)member.Value!), StringComparer.Ordinal);
    }

    private static SchemaNode? ReadAdditional(JsonNode? node) => node switch
    {
        JsonObject schema => Read(schema),
        JsonValue value when value.GetValueKind() == JsonValueKind.True => SchemaNode.Any,
        _ => null,
    };

    private static ImmutableArray<SchemaNode> ReadAll(JsonObject schema, string name) =>
        schema[name] is JsonArray list ? [.. list.OfType<JsonObject>().Select(Read)] : [];

    private static long? Whole(JsonObject obj, string name) =>
        JsonNumber.TryRead(obj[name], out var number) && number.Whole is { } whole && whole <= long.MaxValue && whole >= long.MinValue
            ? (long)whole
            : null;

    private static double? Number(JsonObject obj, string name) => JsonNumber.TryRead(obj[name], out var number) ? number.Value : null;
}
