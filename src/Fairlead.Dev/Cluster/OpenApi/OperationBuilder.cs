using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.OpenApi;

/// <summary>
/// The paths of a resource type, in the dialect of one OpenAPI version. Clients read from them which query parameters an
/// operation takes (kubectl: <c>dryRun</c>, <c>fieldValidation</c>) and which kind it is about.
/// </summary>
internal sealed class OperationBuilder(OpenApiDialect dialect)
{
    private static readonly string[] ReadParameters = ["pretty"];

    private static readonly string[] ListParameters =
    [
        "allowWatchBookmarks", "continue", "fieldSelector", "labelSelector", "limit", "pretty", "resourceVersion",
        "resourceVersionMatch", "sendInitialEvents", "timeoutSeconds", "watch",
    ];

    private static readonly string[] WriteParameters = ["dryRun", "fieldManager", "fieldValidation", "pretty"];

    private static readonly string[] PatchParameters = ["dryRun", "fieldManager", "fieldValidation", "force", "pretty"];

    private static readonly string[] DeleteParameters =
        ["dryRun", "gracePeriodSeconds", "ignoreStoreReadErrorWithClusterBreakingPotential", "orphanDependents", "pretty", "propagationPolicy"];

    private static readonly string[] PatchTypes =
        ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];

    // Clients read from here whether they may send a strategic merge patch.
    private static readonly string[] CustomPatchTypes =
        ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"];

    private static readonly string[] JsonTypes = ["application/json"];

    public void AddPaths(ResourceDefinition definition, JsonObject paths)
    {
        var collection = ApiPaths.Collection(definition);
        var item = $"{collection}/{{name}}";
        paths[collection] = Collection(definition);
        if (definition.Namespaced)
            paths[ApiPaths.AllNamespaces(definition)] = PathItem([], ("get", Operation(definition, "list", "list_all_namespaces", ListParameters)));
        paths[item] = Item(definition);
        foreach (var subresource in ApiPaths.Subresources(definition))
            paths[$"{item}/{subresource}"] = Subresource(definition, subresource);
    }

    private JsonObject Collection(ResourceDefinition definition) => PathItem(
        Namespace(definition),
        [
            .. Allowed(definition, "list", "get", "list", ListParameters),
            .. Allowed(definition, "create", "post", "post", WriteParameters),
            .. Allowed(definition, "deletecollection", "delete", "deletecollection", [.. ListParameters, .. DeleteParameters]),
        ]);

    private JsonObject Item(ResourceDefinition definition) => PathItem(
        [.. Namespace(definition), "name"],
        [
            .. Allowed(definition, "get", "get", "get", ReadParameters),
            .. Allowed(definition, "update", "put", "put", WriteParameters),
            .. Allowed(definition, "patch", "patch", "patch", PatchParameters),
            .. Allowed(definition, "delete", "delete", "delete", DeleteParameters),
        ]);

    private JsonObject Subresource(ResourceDefinition definition, string name) => PathItem(
        [.. Namespace(definition), "name"],
        ("get", Operation(definition, "get", "get" + name, ReadParameters)),
        ("put", Operation(definition, "put", "put" + name, WriteParameters)),
        ("patch", Operation(definition, "patch", "patch" + name, PatchParameters)));

    private IEnumerable<(string Method, JsonObject Operation)> Allowed(
        ResourceDefinition definition, string verb, string method, string action, string[] parameters)
    {
        if (definition.Verbs.Contains(verb))
            yield return (method, Operation(definition, action, action, parameters));
    }

    private JsonObject PathItem(IEnumerable<string> pathParameters, params IEnumerable<(string Method, JsonObject Operation)> operations)
    {
        var item = new JsonObject();
        foreach (var (method, operation) in operations)
            item[method] = operation;
        var parameters = new JsonArray(pathParameters.Select(name => (JsonNode)dialect.Parameter(name, "path")).ToArray());
        if (parameters.Count > 0)
            item["parameters"] = parameters;
        return item;
    }

    private JsonObject Operation(ResourceDefinition definition, string action, string name, string[] parameters)
    {
        var schema = SchemaNames.Of(definition);
        var operation = new JsonObject
        {
            ["operationId"] = $"{name}_{schema.Replace('.', '_')}{(definition.Namespaced ? "_namespaced" : "")}",
            ["parameters"] = new JsonArray(parameters.Distinct().Select(p => (JsonNode)dialect.Parameter(p, "query")).ToArray()),
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = GroupVersionKind(definition),
        };
        var body = action switch
        {
            "post" or "put" => JsonTypes,
            "patch" => definition.IsCustom ? CustomPatchTypes : PatchTypes,
            _ => null,
        };
        if (body is not null)
            dialect.AddBody(operation, body, action == "patch" ? null : schema);
        dialect.AddResponse(operation, action == "list" ? schema + "List" : schema);
        return operation;
    }

    private static IEnumerable<string> Namespace(ResourceDefinition definition) => definition.Namespaced ? ["namespace"] : [];

    internal static JsonObject GroupVersionKind(ResourceDefinition definition, string suffix = "") => new()
    {
        ["group"] = definition.Group,
        ["kind"] = definition.Kind + suffix,
        ["version"] = definition.Version,
    };
}
