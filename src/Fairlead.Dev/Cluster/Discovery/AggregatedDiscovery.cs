using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Fairlead.Dev.Cluster.Discovery;

/// <summary>All of discovery in one document (<c>apidiscovery.k8s.io</c>).</summary>
internal static class AggregatedDiscovery
{
    /// <summary>The version of the document that the client accepts; null when it prefers the plain ones.</summary>
    public static string? Accepts(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var offers))
            return null;
        foreach (var offer in offers)
        {
            var parameters = offer.Parameters.ToDictionary(p => p.Name.ToString(), p => p.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            if (!parameters.TryGetValue("as", out var kind))
                return null;
            if (offer.MediaType == "application/json" && kind == "APIGroupDiscoveryList"
                && parameters.GetValueOrDefault("g") == "apidiscovery.k8s.io" && parameters.GetValueOrDefault("v") is "v2" or "v2beta1")
                return parameters["v"];
        }

        return null;
    }

    public static string ContentType(string version) => $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";

    public static JsonObject Build(ResourceTable table, bool core, string version) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. table.Groups.Where(g => core == (g.Name.Length == 0)).Select(Group)]),
    };

    private static JsonObject Group(ServedGroup group) => new()
    {
        ["metadata"] = group.Name.Length == 0 ? [] : new JsonObject { ["name"] = group.Name },
        ["versions"] = new JsonArray([.. group.Versions.Select(v => new JsonObject
        {
            ["version"] = v.Name,
            ["resources"] = new JsonArray([.. v.Resources.Select(r => Resource(r.Definition))]),
            ["freshness"] = "Current",
        })]),
    };

    private static JsonObject Resource(ResourceDefinition definition)
    {
        var resource = new JsonObject
        {
            ["resource"] = definition.Plural,
            ["responseKind"] = Kind(definition.Group, definition.Version, definition.Kind),
            ["scope"] = definition.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = definition.Singular,
            ["verbs"] = DiscoveryDocuments.Texts(definition.Review is null ? definition.Verbs : ["create"]),
        };
        if (!definition.ShortNames.IsEmpty)
            resource["shortNames"] = DiscoveryDocuments.Texts(definition.ShortNames);
        if (!definition.Categories.IsEmpty)
            resource["categories"] = DiscoveryDocuments.Texts(definition.Categories);
        var subresources = Subresource.Of(definition).Select(s => new JsonObject
        {
            ["subresource"] = s.Name,
            ["responseKind"] = Kind(s.Group, s.Version, s.Kind),
            ["verbs"] = DiscoveryDocuments.Texts(s.Verbs),
        }).ToArray();
        if (subresources.Length > 0)
            resource["subresources"] = new JsonArray([.. subresources]);
        return resource;
    }

    private static JsonObject Kind(string group, string version, string kind) => new()
    {
        ["group"] = group,
        ["version"] = version,
        ["kind"] = kind,
    };
}
