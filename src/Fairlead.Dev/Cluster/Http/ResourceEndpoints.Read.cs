using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Listing;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Serialization;
using Fairlead.Dev.Cluster.Storage;
using Fairlead.Dev.Cluster.Tables;

namespace Fairlead.Dev.Cluster.Http;

internal sealed partial class ResourceEndpoints
{
    private Task GetAsync(ApiRequest request, ServedResource resource)
    {
        var format = ResponseFormat.Negotiate(request.Http.Request, list: false);
        var definition = resource.Definition;
        var found = store.Find(definition, Key(definition, request.Info)) ?? throw ApiErrors.NotFound(definition, request.Info.Name!);
        return AnswerAsync(request, 200, resource, found, format);
    }

    private Task ListAsync(ApiRequest request, ServedResource resource)
    {
        var format = ResponseFormat.Negotiate(request.Http.Request, list: true);
        var page = _lister.List(resource.Definition, RequestQuery.List(request.Query, resource.Definition, request.Info));
        return AnswerListAsync(request, resource, page, format);
    }

    private async Task WatchAsync(ApiRequest request, ServedResource resource)
    {
        var format = ResponseFormat.Negotiate(request.Http.Request, list: false);
        var options = RequestQuery.Watch(request.Query, resource.Definition, request.Info, random);
        var events = watcher.WatchAsync(resource.Definition, options, request.Aborted);
        faults.WatchStarted(request);
        try
        {
            await WatchStream.SendAsync(request, resource, events, format.Kind, Converter(request, resource, format), faults).ConfigureAwait(false);
        }
        finally
        {
            faults.WatchEnded(request);
        }
    }

    private Task AnswerAsync(ApiRequest request, int code, ServedResource resource, StoredObject obj, ResponseFormat format)
    {
        var definition = resource.Definition;
        return format switch
        {
            { Kind: ResponseKind.Table } => NodeAsync(request, code, Tables(request, definition).Build([obj], obj.Version), format),
            { Kind: ResponseKind.Metadata } => NodeAsync(request, code, PartialMetadata.Of(obj.Thaw(definition)), format),
            { Yaml: true } => NodeAsync(request, code, obj.Thaw(definition), format),
            _ => ResponseWriter.ObjectAsync(request.Http, code, resource, obj),
        };
    }

    private Task AnswerListAsync(ApiRequest request, ServedResource resource, ListPage page, ResponseFormat format)
    {
        var definition = resource.Definition;
        if (format.Kind == ResponseKind.Table)
        {
            var table = Tables(request, definition).Build(page.Items, page.Version);
            table["metadata"] = ResponseWriter.ListMetadata(page);
            return NodeAsync(request, 200, table, format);
        }

        if (format.Kind == ResponseKind.Objects && !format.Yaml)
            return ResponseWriter.ListAsync(request.Http, resource, page);
        var metadataOnly = format.Kind == ResponseKind.Metadata;
        var list = new JsonObject
        {
            ["kind"] = metadataOnly ? "PartialObjectMetadataList" : resource.ListKind,
            ["apiVersion"] = metadataOnly ? "meta.k8s.io/v1" : definition.ApiVersion,
            ["metadata"] = ResponseWriter.ListMetadata(page),
            ["items"] = new JsonArray([.. page.Items.Select(i =>
                metadataOnly ? PartialMetadata.Of(i.Thaw(definition)) : ListItem(definition, i.Thaw(definition)))]),
        };
        return NodeAsync(request, 200, list, format);
    }

    private static JsonObject ListItem(ResourceDefinition definition, JsonObject item)
    {
        if (!definition.IsCustom)
        {
            item.Remove("kind");
            item.Remove("apiVersion");
        }

        return item;
    }

    private static Task NodeAsync(ApiRequest request, int code, JsonObject node, ResponseFormat format) =>
        format.Yaml
            ? ResponseWriter.TextAsync(request.Http, code, YamlText.Of(node), "application/yaml")
            : ResponseWriter.NodeAsync(request.Http, code, node);

    private TableBuilder Tables(ApiRequest request, ResourceDefinition definition) => new(definition, time.GetUtcNow())
    {
        Include = RequestQuery.Text(request.Query, "includeObject") switch
        {
            null or "Metadata" => IncludedObject.Metadata,
            "None" => IncludedObject.None,
            "Object" => IncludedObject.Whole,
            var other => throw ApiErrors.BadRequest($"query parameter includeObject: unrecognized value \"{other}\""),
        },
    };

    /// <summary>What turns objects of a watch into the form asked for; null: they go out as stored.</summary>
    private Func<StoredObject, bool, JsonObject>? Converter(ApiRequest request, ServedResource resource, ResponseFormat format)
    {
        var definition = resource.Definition;
        return format.Kind switch
        {
            ResponseKind.Table => (obj, first) => Tables(request, definition).Build([obj], obj.Version, withColumns: first),
            ResponseKind.Metadata => (obj, _) => PartialMetadata.Of(obj.Thaw(definition)),
            _ => null,
        };
    }
}
