using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Dev.Cluster.Listing;
using Fairlead.Dev.Cluster.Nodes;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Storage;
using Fairlead.Dev.Cluster.Watching;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Carries out resource requests.</summary>
internal sealed partial class ResourceEndpoints(
    ResourceRegistry registry, ObjectStore store, ObjectWriter writer, ObjectWatcher watcher, FaultInjector faults, PodConnections pods,
    Random random, TimeProvider time)
{
    private readonly ObjectLister _lister = new(store);

    public Task HandleAsync(ApiRequest request)
    {
        var info = request.Info;
        var table = registry.Table;
        if (table.Find(info.Group, info.Version, info.Resource) is not { } resource)
            return info.Group.Length > 0 && !table.Groups.Any(g => g.Name == info.Group && g.Versions.Any(v => v.Name == info.Version))
                ? ResponseWriter.NoPageAsync(request.Http)
                : throw ApiErrors.PathNotFound();
        var definition = resource.Definition;
        if (info.Subresource is { } subresource)
            return SubresourceAsync(request, resource, subresource);
        CheckScope(definition, info);
        if (definition.Review is { } review)
            return info.Verb == "create" && info.Name is null
                ? ActAsync(request, definition.ApiVersion, definition.Kind, review)
                : throw ApiErrors.MethodNotAllowed();
        var onObject = info.Verb switch
        {
            "create" => false,
            "update" or "patch" => true,
            _ => info.Name is not null,
        };
        if (!definition.Verbs.Contains(info.Verb) || onObject != (info.Name is not null))
            throw ApiErrors.MethodNotAllowed();
        return info.Verb switch
        {
            "get" => GetAsync(request, resource),
            "list" => ListAsync(request, resource),
            "watch" => WatchAsync(request, resource),
            "create" => CreateAsync(request, resource),
            "update" => UpdateAsync(request, resource, null),
            "patch" => PatchAsync(request, resource, null),
            "delete" => DeleteAsync(request, resource),
            "deletecollection" => DeleteCollectionAsync(request, resource),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
    }

    private Task SubresourceAsync(ApiRequest request, ServedResource resource, string subresource)
    {
        var definition = resource.Definition;
        if (definition.Namespaced && request.Info.Namespace is null)
            throw ApiErrors.PathNotFound();
        if (definition.Actions.FirstOrDefault(a => a.Name == subresource) is { } action)
            return request.Info.Verb == "create" ? ActAsync(request, action.ApiVersion, action.Kind, action.Handle) : throw ApiErrors.MethodNotAllowed();
        if (definition is { Group: "", Plural: "pods" } && PodConnections.Serves(subresource))
            return pods.HandleAsync(request, subresource);
        switch (subresource)
        {
            case "scale" when definition.Scale is { } scale:
                return ScaleAsync(request, definition, scale);
            case "status" when definition.HasStatus:
            case "finalize" when definition is { Group: "", Plural: "namespaces" }:
                return request.Info.Verb switch
                {
                    "get" => GetAsync(request, resource),
                    "update" => UpdateAsync(request, resource, subresource),
                    "patch" => PatchAsync(request, resource, subresource),
                    _ => throw ApiErrors.MethodNotAllowed(),
                };
            default:
                throw ApiErrors.PathNotFound();
        }
    }

    private static void CheckScope(ResourceDefinition definition, RequestInfo info)
    {
        var inNamespace = info.Namespace is not null && info.Resource != "namespaces";
        if (inNamespace && !definition.Namespaced)
            throw ApiErrors.PathNotFound();
        if (!definition.Namespaced || inNamespace)
            return;
        if (info.Name is not null)
            throw ApiErrors.PathNotFound();
        if (info.Verb is not ("list" or "watch") && definition.Review is null)
            throw ApiErrors.MethodNotAllowed();
    }

    private static ObjectKey Key(ResourceDefinition definition, RequestInfo info) =>
        new(definition.Namespaced ? info.Namespace! : "", info.Name!);

    private static async Task ActAsync(ApiRequest request, string apiVersion, string kind, Func<ActionRequest, JsonObject> handle)
    {
        var body = await RequestBody.ReadObjectAsync(request.Http.Request, [], request.Aborted).ConfigureAwait(false);
        if (body["kind"] is { } given && given.ToString() != kind)
            throw ApiErrors.BadRequest($"kind in the body is \"{given}\", expected \"{kind}\"");
        body["kind"] = kind;
        body["apiVersion"] = apiVersion;
        var info = request.Info;
        var answer = handle(new ActionRequest(request.User, info.Namespace, info.Name, body, WriteParameters.DryRun(request)));
        await ResponseWriter.NodeAsync(request.Http, 201, answer).ConfigureAwait(false);
    }
}
