using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Http;

internal sealed partial class ResourceEndpoints
{
    private const string ScaleName = "scale";

    private async Task PatchAsync(ApiRequest request, ServedResource resource, string? subresource)
    {
        var format = ResponseFormat.Negotiate(request.Http.Request, list: false);
        var definition = resource.Definition;
        var key = Key(definition, request.Info);
        var context = WriteParameters.Read(request);
        var patch = await PatchBody.ReadAsync(request, !definition.IsCustom, context).ConfigureAwait(false);
        var (obj, created) = patch.Configuration is { } configuration
            ? writer.Apply(definition, key, subresource, configuration, context)
            : (writer.Modify(definition, key, subresource, live => patch.Apply(live, definition.Schema), context), false);
        AddWarnings(request, context);
        await AnswerAsync(request, created ? 201 : 200, resource, obj, format).ConfigureAwait(false);
    }

    private async Task ScaleAsync(ApiRequest request, ResourceDefinition definition, ScaleSubresource scale)
    {
        var key = Key(definition, request.Info);
        StoredObject obj;
        switch (request.Info.Verb)
        {
            case "get":
                obj = store.Find(definition, key) ?? throw ApiErrors.NotFound(definition, key.Name);
                break;
            case "update":
                var context = WriteParameters.Read(request);
                var body = await RequestBody.ReadObjectAsync(request.Http.Request, context.Duplicates, request.Aborted).ConfigureAwait(false);
                obj = writer.Modify(definition, key, ScaleName, live => ScaleDocument.Write(live, scale, body), context);
                break;
            case "patch":
                obj = await PatchScaleAsync(request, definition, scale, key).ConfigureAwait(false);
                break;
            default:
                throw ApiErrors.MethodNotAllowed();
        }

        await ResponseWriter.NodeAsync(request.Http, 200, ScaleDocument.Read(obj.Thaw(definition), scale)).ConfigureAwait(false);
    }

    private async Task<StoredObject> PatchScaleAsync(ApiRequest request, ResourceDefinition definition, ScaleSubresource scale, ObjectKey key)
    {
        var context = WriteParameters.Read(request);
        var patch = await PatchBody.ReadAsync(request, strategic: true, context).ConfigureAwait(false);
        return writer.Modify(definition, key, ScaleName, Change, context);

        JsonObject Change(JsonObject live)
        {
            // A Scale has no lists, so that applying one is merging it.
            var document = ScaleDocument.Read(live, scale);
            var patched = patch.Configuration is { } configuration
                ? Patching.MergePatch.Apply(document, configuration)!.AsObject()
                : patch.Apply(document, SchemaNode.Any);
            return ScaleDocument.Write(live, scale, patched);
        }
    }
}
