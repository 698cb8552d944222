using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.OpenApi;

/// <summary>The named schemas of a document: each kind, its list, and the metadata they share.</summary>
internal static class SchemaCollection
{
    private static readonly SchemaNode ListMeta = new()
    {
        Type = "object",
        Description = "Metadata of a list.",
        Properties = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange<string, SchemaNode>(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create("continue", new SchemaNode { Type = "string" }),
                KeyValuePair.Create("remainingItemCount", new SchemaNode { Type = "integer", Format = "int64" }),
                KeyValuePair.Create("resourceVersion", new SchemaNode { Type = "string" }),
                KeyValuePair.Create("selfLink", new SchemaNode { Type = "string" }),
            ]),
    };

    public static JsonObject Build(IEnumerable<ResourceDefinition> definitions, OpenApiDialect dialect)
    {
        var schemas = new JsonObject
        {
            [SchemaNames.ObjectMeta] = dialect.Schema(ObjectMetaSchema.ObjectMeta),
            [SchemaNames.ListMeta] = dialect.Schema(ListMeta),
        };
        foreach (var definition in definitions)
        {
            var name = SchemaNames.Of(definition);
            schemas[name] = Kind(definition, dialect);
            schemas[name + "List"] = List(definition, name, dialect);
        }

        return schemas;
    }

    private static JsonObject Kind(ResourceDefinition definition, OpenApiDialect dialect)
    {
        // Metadata is published as the shared schema, whatever a custom resource restricts in it.
        var schema = dialect.Schema(definition.Schema with { Properties = definition.Schema.Properties.Remove("metadata") });
        if (schema["properties"] is not JsonObject properties)
            schema["properties"] = properties = [];
        properties["metadata"] = dialect.Reference(SchemaNames.ObjectMeta, ObjectMetaSchema.ObjectMeta.Description);
        schema["x-kubernetes-group-version-kind"] = new JsonArray(OperationBuilder.GroupVersionKind(definition));
        return schema;
    }

    private static JsonObject List(ResourceDefinition definition, string item, OpenApiDialect dialect) => new()
    {
        ["type"] = "object",
        ["description"] = $"{definition.Kind}List is a list of {definition.Kind}",
        ["required"] = SchemaJson.Texts(["items"]),
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = dialect.Schema(ObjectMetaSchema.TypeAndMeta["apiVersion"]),
            ["items"] = new JsonObject { ["type"] = "array", ["items"] = dialect.Reference(item) },
            ["kind"] = dialect.Schema(ObjectMetaSchema.TypeAndMeta["kind"]),
            ["metadata"] = dialect.Reference(SchemaNames.ListMeta, ListMeta.Description),
        },
        ["x-kubernetes-group-version-kind"] = new JsonArray(OperationBuilder.GroupVersionKind(definition, "List")),
    };
}
