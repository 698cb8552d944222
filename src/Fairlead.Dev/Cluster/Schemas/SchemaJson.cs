using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>A schema as an OpenAPI v3 schema object, the Kubernetes extensions included.</summary>
public static class SchemaJson
{
    public static JsonObject Write(SchemaNode schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var obj = new JsonObject();
        Put(obj, "type", schema.Type);
        Put(obj, "format", schema.Format);
        Put(obj, "description", schema.Description);
        WriteStructure(schema, obj);
        WriteBounds(schema, obj);
        WriteComposition(schema, obj);
        WriteExtensions(schema, obj);
        return obj;
    }

    /// <summary>Everything but members and elements, which OpenAPI documents write as references.</summary>
    internal static void WriteBounds(SchemaNode schema, JsonObject obj)
    {
        if (schema.Default is not null)
            obj["default"] = schema.Default.DeepClone();
        if (!schema.Enum.IsEmpty)
            obj["enum"] = new JsonArray(schema.Enum.Select(value => value?.DeepClone()).ToArray());
        if (schema.Nullable)
            obj["nullable"] = true;
        Put(obj, "pattern", schema.Pattern);
        Put(obj, "minLength", schema.MinLength);
        Put(obj, "maxLength", schema.MaxLength);
        Put(obj, "minItems", schema.MinItems);
        Put(obj, "maxItems", schema.MaxItems);
        Put(obj, "minProperties", schema.MinProperties);
        Put(obj, "maxProperties", schema.MaxProperties);
        Put(obj, "minimum", schema.Minimum);
        Put(obj, "maximum", schema.Maximum);
        Put(obj, "multipleOf", schema.MultipleOf);
        if (schema.UniqueItems)
            obj["uniqueItems"] = true;
        if (schema.ExclusiveMinimum)
            obj["exclusiveMinimum"] = true;
        if (schema.ExclusiveMaximum)
            obj["exclusiveMaximum"] = true;
    }

    internal static void WriteComposition(SchemaNode schema, JsonObject obj)
    {
        PutAll(obj, "allOf", schema.AllOf);
        PutAll(obj, "anyOf", schema.AnyOf);
        PutAll(obj, "oneOf", schema.OneOf);
        if (schema.Not is not null)
            obj["not"] = Write(schema.Not);
    }

    internal static void WriteExtensions(SchemaNode schema, JsonObject obj)
    {
        if (schema.PreserveUnknownFields)
            obj["x-kubernetes-preserve-unknown-fields"] = true;
        if (schema.IntOrString)
            obj["x-kubernetes-int-or-string"] = true;
        if (schema.EmbeddedResource)
            obj["x-kubernetes-embedded-resource"] = true;
        if (schema.AtomicMap)
            obj["x-kubernetes-map-type"] = "atomic";
        if (schema.Type == "array" && (schema.ListType != ListType.Atomic || schema.PatchStrategy == PatchStrategy.Replace))
            obj["x-kubernetes-list-type"] = schema.ListType.ToString().ToLowerInvariant();
        if (!schema.ListMapKeys.IsEmpty)
            obj["x-kubernetes-list-map-keys"] = Texts(schema.ListMapKeys);
        Put(obj, "x-kubernetes-patch-merge-key", schema.PatchMergeKey);
        Put(obj, "x-kubernetes-patch-strategy", PatchStrategyText(schema.PatchStrategy));
        if (!schema.Validations.IsEmpty)
            obj["x-kubernetes-validations"] = new JsonArray(schema.Validations.Select(rule => (JsonNode)WriteRule(rule)).ToArray());
    }

    internal static JsonArray Texts(IEnumerable<string> texts) => new(texts.Select(text => (JsonNode)JsonValue.Create(text)).ToArray());

    private static void WriteStructure(SchemaNode schema, JsonObject obj)
    {
        if (!schema.Properties.IsEmpty)
        {
            var properties = new JsonObject();
            foreach (var (name, member) in schema.Properties)
                properties[name] = Write(member);
            obj["properties"] = properties;
        }

        if (!schema.Required.IsEmpty)
            obj["required"] = Texts(schema.Required);
        if (schema.AdditionalProperties is not null)
            obj["additionalProperties"] = Write(schema.AdditionalProperties);
        if (schema.Items is not null)
            obj["items"] = Write(schema.Items);
    }

    private static string? PatchStrategyText(PatchStrategy strategy) => strategy switch
    {
        PatchStrategy.Merge => "merge",
        PatchStrategy.RetainKeys => "retainKeys",
        PatchStrategy.Merge | PatchStrategy.RetainKeys => "merge,retainKeys",
        _ => null,
    };

    private static JsonObject WriteRule(ValidationRule rule)
    {
        var obj = new JsonObject { ["rule"] = rule.Rule };
        Put(obj, "message", rule.Message);
        Put(obj, "messageExpression", rule.MessageExpression);
        Put(obj, "reason", rule.Reason);
        Put(obj, "fieldPath", rule.FieldPath);
        if (rule.OptionalOldSelf)
            obj["optionalOldSelf"] = true;
        return obj;
    }

    private static void Put(JsonObject obj, string name, string? value)
    {
        if (value is not null)
            obj[name] = value;
    }

    private static void Put(JsonObject obj, string name, long? value)
    {
        if (value is not null)
            obj[name] = value;
    }

    private static void Put(JsonObject obj, string name, double? value)
    {
        if (value is not null)
            obj[name] = value;
    }

    private static void PutAll(JsonObject obj, string name, ImmutableArray<SchemaNode> schemas)
    {
        if (!schemas.IsEmpty)
            obj[name] = new JsonArray(schemas.Select(schema => (JsonNode)Write(schema)).ToArray());
    }
}
