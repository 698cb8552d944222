using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>The schema of CustomResourceDefinition objects.</summary>
internal static class CustomResourceDefinitionSchema
{
    private static readonly SchemaNode Text = new() { Type = "string" };

    private static readonly SchemaNode Flag = new() { Type = "boolean" };

    private static readonly SchemaNode Texts = List(Text);

    // A schema of schemas is recursive, which a tree is not; StructuralSchemaValidator checks its words.
    private static readonly SchemaNode OpenApiSchema = new() { Type = "object", PreserveUnknownFields = true };

    private static readonly SchemaNode Names = Object(
        ["plural", "kind"],
        ("categories", Texts),
        ("kind", Text),
        ("listKind", Text),
        ("plural", Text),
        ("shortNames", Texts),
        ("singular", Text));

    private static readonly SchemaNode Column = Object(
        ["name", "type", "jsonPath"],
        ("description", Text),
        ("format", Text),
        ("jsonPath", Text),
        ("name", Text),
        ("priority", new SchemaNode { Type = "integer", Format = "int32" }),
        ("type", Text));

    private static readonly SchemaNode Scale = Object(
        ["specReplicasPath", "statusReplicasPath"],
        ("labelSelectorPath", Text),
        ("specReplicasPath", Text),
        ("statusReplicasPath", Text));

    private static readonly SchemaNode Version = Object(
        ["name", "served", "storage"],
        ("additionalPrinterColumns", List(Column)),
        ("deprecated", Flag),
        ("deprecationWarning", Text),
        ("name", Text),
        ("schema", Object([], ("openAPIV3Schema", OpenApiSchema))),
        ("selectableFields", List(Object(["jsonPath"], ("jsonPath", Text)))),
        ("served", Flag),
        ("storage", Flag),
        ("subresources", Object([], ("scale", Scale), ("status", new SchemaNode { Type = "object" }))));

    private static readonly SchemaNode Conversion = Object(
        ["strategy"],
        ("strategy", Text),
        ("webhook", new SchemaNode { Type = "object", PreserveUnknownFields = true }));

    private static readonly SchemaNode Condition = Object(
        ["type", "status"],
        ("lastTransitionTime", Text with { Format = "date-time" }),
        ("message", Text),
        ("observedGeneration", new SchemaNode { Type = "integer", Format = "int64" }),
        ("reason", Text),
        ("status", Text),
        ("type", Text));

    public static ResourceDefinition CreateDefinition() => new()
    {
        Group = CustomResourceDefinitions.Group,
        Version = "v1",
        Kind = CustomResourceDefinitions.Kind,
        Plural = "customresourcedefinitions",
        Singular = "customresourcedefinition",
        Namespaced = false,
        ShortNames = ["crd", "crds"],
        Categories = ["api-extensions"],
        HasStatus = true,
        TracksGeneration = true,
        Columns = [new PrinterColumn("Created At", "date", ".metadata.creationTimestamp")],
        Strategy = new CustomResourceDefinitionStrategy(),
        Schema = new SchemaNode
        {
            Type = "object",
            Description = "CustomResourceDefinition represents a resource that should be exposed on the API server.",
            Required = ["spec"],
            Properties = ObjectMetaSchema.TypeAndMeta.AddRange(
            [
                KeyValuePair.Create("spec", Object(
                    ["group", "names", "scope", "versions"],
                    ("conversion", Conversion),
                    ("group", Text),
                    ("names", Names),
                    ("preserveUnknownFields", Flag),
                    ("scope", Text),
                    ("versions", List(Version)))),
                KeyValuePair.Create("status", Object(
                    [],
                    ("acceptedNames", Names with { Required = [] }),
                    ("conditions", List(Condition) with { ListType = ListType.Map, ListMapKeys = ["type"] }),
                    ("observedGeneration", new SchemaNode { Type = "integer", Format = "int64" }),
                    ("storedVersions", Texts))),
            ]),
        },
    };

    private static SchemaNode List(SchemaNode items) => new() { Type = "array", Items = items };

    private static SchemaNode Object(ImmutableArray<string> required, params ReadOnlySpan<(string Name, SchemaNode Schema)> members)
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, SchemaNode>(StringComparer.Ordinal);
        foreach (var (name, schema) in members)
            properties.Add(name, schema);
        return new SchemaNode { Type = "object", Required = required, Properties = properties.ToImmutable() };
    }
}
