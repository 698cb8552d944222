using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authorization;
using Fairlead.Dev.Cluster.Http;
using Fairlead.Dev.Cluster.Registry;

namespace Fairlead.Dev.Cluster.Discovery;

/// <summary>Answers what is served: groups, versions, resources, the server's version and health.</summary>
internal sealed class DiscoveryEndpoints(ResourceRegistry registry, ServiceAccountTokens serviceAccounts)
{
    public Task HandleAsync(ApiRequest request)
    {
        var http = request.Http;
        var path = request.Info.Path.Length > 1 ? request.Info.Path.TrimEnd('/') : "/";
        if (request.Info.Verb is not ("get" or "head"))
            throw IsKnown(path) ? ApiErrors.MethodNotAllowed() : ApiErrors.PathNotFound();
        var table = registry.Table;
        switch (path)
        {
            case "/healthz" or "/livez" or "/readyz":
                return ResponseWriter.TextAsync(http, 200, "ok");
            case "/version":
                return ResponseWriter.NodeAsync(http, 200, ServerVersion.Document());
            case "/.well-known/openid-configuration":
                return ResponseWriter.NodeAsync(http, 200, serviceAccounts.OpenIdConfiguration(new Uri($"{http.Request.Scheme}://{http.Request.Host}")));
            case "/openid/v1/jwks":
                return ResponseWriter.NodeAsync(http, 200, serviceAccounts.KeySet(), "application/jwk-set+json");
            case "/":
                return ResponseWriter.NodeAsync(http, 200, new JsonObject { ["paths"] = DiscoveryDocuments.Paths(table) });
            case "/api" or "/apis" when AggregatedDiscovery.Accepts(http.Request) is { } version:
                return ResponseWriter.NodeAsync(
                    http, 200, AggregatedDiscovery.Build(table, core: path == "/api", version), AggregatedDiscovery.ContentType(version));
            case "/api":
                return ResponseWriter.NodeAsync(http, 200, DiscoveryDocuments.CoreVersions(table, http.Request.Host.Value ?? ""));
            case "/apis":
                return ResponseWriter.NodeAsync(http, 200, DiscoveryDocuments.Groups(table));
        }

        if (Below(table, path) is { } document)
            return ResponseWriter.NodeAsync(http, 200, document);
        return path.StartsWith("/api/", StringComparison.Ordinal) ? throw ApiErrors.PathNotFound() : ResponseWriter.NoPageAsync(http);
    }

    private static bool IsKnown(string path) => path is "/" or "/healthz" or "/livez" or "/readyz" or "/version" or "/api" or "/apis";

    private static JsonObject? Below(ResourceTable table, string path) => path.Split('/') switch
    {
        [_, "api", var version] => DiscoveryDocuments.Resources(table, "", version),
        [_, "apis", var group] => DiscoveryDocuments.Group(table, group),
        [_, "apis", var group, var version] => DiscoveryDocuments.Resources(table, group, version),
        _ => null,
    };
}
