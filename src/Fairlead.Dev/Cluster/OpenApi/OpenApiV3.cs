using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.OpenApi;

/// <summary>The OpenAPI 3 documents below <c>/openapi/v3</c>: one per group version, and an index of them.</summary>
public static class OpenApiV3
{
    /// <summary>Documents by the path they are served at below <c>/openapi/v3/</c>, for example <c>apis/apps/v1</c>.</summary>
    public static ImmutableSortedDictionary<string, JsonObject> BuildDocuments(IEnumerable<ResourceDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return definitions
            .GroupBy(ApiPaths.GroupVersion, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(group => group.Key, group => BuildDocument([.. group]), StringComparer.Ordinal);
    }

    /// <summary>
    /// The document at <c>/openapi/v3</c>. Each URL carries a hash of its document, so that clients may cache by URL.
    /// </summary>
    public static JsonObject BuildIndex(IEnumerable<KeyValuePair<string, JsonObject>> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var paths = new JsonObject();
        foreach (var (path, document) in documents)
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={Hash(document)}" };
        return new JsonObject { ["paths"] = paths };
    }

    private static JsonObject BuildDocument(IReadOnlyList<ResourceDefinition> definitions)
    {
        var paths = new JsonObject();
        var operations = new OperationBuilder(OpenApiDialect.V3);
        foreach (var definition in definitions)
            operations.AddPaths(definition, paths);
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "unversioned" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = SchemaCollection.Build(definitions, OpenApiDialect.V3) },
        };
    }

    private static string Hash(JsonObject document) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(document.ToJsonString())));
}
