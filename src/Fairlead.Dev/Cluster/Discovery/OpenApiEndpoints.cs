using System.Collections.Immutable;
using System.Text;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Http;
using Fairlead.Dev.Cluster.OpenApi;
using Fairlead.Dev.Cluster.Registry;

namespace Fairlead.Dev.Cluster.Discovery;

/// <summary>Serves the OpenAPI documents; they are made when first asked for and kept until the served types change.</summary>
internal sealed class OpenApiEndpoints(ResourceRegistry registry)
{
    private const string Root = "/openapi";
    private const string V2 = "/openapi/v2";
    private const string V3 = "/openapi/v3";

    private volatile Documents? _documents;

    public static bool Owns(string path) => path.StartsWith(Root + "/", StringComparison.Ordinal);

    public Task HandleAsync(ApiRequest request)
    {
        if (request.Info.Verb is not ("get" or "head"))
            throw ApiErrors.MethodNotAllowed();
        ResponseFormat.Negotiate(request.Http.Request, list: false);
        var documents = _documents;
        var table = registry.Table;
        if (documents is null || documents.Table != table)
            _documents = documents = new Documents(table);
        return documents.Find(request.Info.Path.TrimEnd('/')) is { } text
            ? ResponseWriter.BytesAsync(request.Http, 200, text, "application/json")
            : throw ApiErrors.PathNotFound();
    }

    private sealed class Documents(ResourceTable table)
    {
        private readonly Lazy<byte[]> _v2 = new(() => Utf8(OpenApiV2.Build(table.All.Select(r => r.Definition))));

        private readonly Lazy<ImmutableDictionary<string, byte[]>> _v3 = new(() =>
        {
            var documents = OpenApiV3.BuildDocuments(table.All.Select(r => r.Definition));
            return documents
                .ToImmutableDictionary(d => $"{V3}/{d.Key}", d => Utf8(d.Value), StringComparer.Ordinal)
                .Add(V3, Utf8(OpenApiV3.BuildIndex(documents)));
        });

        public ResourceTable Table { get; } = table;

        public byte[]? Find(string path) => path == V2 ? _v2.Value : _v3.Value.GetValueOrDefault(path);

        private static byte[] Utf8(System.Text.Json.Nodes.JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());
    }
}
