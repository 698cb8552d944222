using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Discovery;

/// <summary>The unaggregated discovery documents.</summary>
internal static class DiscoveryDocuments
{
    public static JsonArray Paths(ResourceTable table)
    {
        var paths = new List<string> { "/api", "/apis", "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version" };
        foreach (var group in table.Groups)
        {
            var root = group.Name.Length == 0 ? "/api" : $"/apis/{group.Name}";
            paths.Add(root);
            paths.AddRange(group.Versions.Select(v => $"{root}/{v.Name}"));
        }

        return new JsonArray([.. paths.Distinct().Order(StringComparer.Ordinal).Select(p => JsonValue.Create(p))]);
    }

    public static JsonObject CoreVersions(ResourceTable table, string host) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray([.. table.Groups.Where(g => g.Name.Length == 0).SelectMany(g => g.Versions).Select(v => JsonValue.Create(v.Name))]),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = host }),
    };

    public static JsonObject Groups(ResourceTable table) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. table.Groups.Where(g => g.Name.Length > 0).Select(Group)]),
    };

    public static JsonObject? Group(ResourceTable table, string name)
    {
        if (name.Length == 0 || table.Groups.FirstOrDefault(g => g.Name == name) is not { } found)
            return null;
        var group = Group(found);
        group.Insert(0, "kind", "APIGroup");
        group.Insert(1, "apiVersion", "v1");
        return group;
    }

    public static JsonObject? Resources(ResourceTable table, string group, string version)
    {
        var found = table.Groups.FirstOrDefault(g => g.Name == group)?.Versions.FirstOrDefault(v => v.Name == version);
        if (found is null)
            return null;
        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray([.. found.Resources.SelectMany(r => Resource(r.Definition))]),
        };
    }

    private static JsonObject Group(ServedGroup group)
    {
        var versions = group.Versions.Select(v => new JsonObject
        {
            ["groupVersion"] = $"{group.Name}/{v.Name}",
            ["version"] = v.Name,
        }).ToArray();
        return new JsonObject
        {
            ["name"] = group.Name,
            ["versions"] = new JsonArray([.. versions]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
    }

    private static IEnumerable<JsonObject> Resource(ResourceDefinition definition)
    {
        var resource = new JsonObject
        {
            ["name"] = definition.Plural,
            ["singularName"] = definition.Singular,
            ["namespaced"] = definition.Namespaced,
            ["kind"] = definition.Kind,
            ["verbs"] = Texts(definition.Review is null ? definition.Verbs : ["create"]),
        };
        if (!definition.ShortNames.IsEmpty)
            resource["shortNames"] = Texts(definition.ShortNames);
        if (!definition.Categories.IsEmpty)
            resource["categories"] = Texts(definition.Categories);
        yield return resource;
        foreach (var sub in Subresource.Of(definition))
        {
            var entry = new JsonObject
            {
                ["name"] = $"{definition.Plural}/{sub.Name}",
                ["singularName"] = "",
                ["namespaced"] = definition.Namespaced,
            };
            if (sub.ApiVersion != definition.ApiVersion)
            {
                entry["group"] = sub.Group;
                entry["version"] = sub.Version;
            }

            entry["kind"] = sub.Kind;
            entry["verbs"] = Texts(sub.Verbs);
            yield return entry;
        }
    }

    internal static JsonArray Texts(IEnumerable<string> values) => new([.. values.Select(v => JsonValue.Create(v))]);
}
