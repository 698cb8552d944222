using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.OpenApi;

/// <summary>The OpenAPI 2 (Swagger) document at <c>/openapi/v2</c>: all types in one.</summary>
public static class OpenApiV2
{
    public static JsonObject Build(IEnumerable<ResourceDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        var all = definitions.ToList();
        var paths = new JsonObject();
        var operations = new OperationBuilder(OpenApiDialect.V2);
        foreach (var definition in all)
            operations.AddPaths(definition, paths);
        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "unversioned" },
            ["paths"] = paths,
            ["definitions"] = SchemaCollection.Build(all, OpenApiDialect.V2),
        };
    }
}
