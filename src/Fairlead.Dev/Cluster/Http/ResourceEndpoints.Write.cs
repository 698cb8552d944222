using System.Text;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Resources;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Dev.Cluster.Http;

internal sealed partial class ResourceEndpoints
{
    private async Task CreateAsync(ApiRequest request, ServedResource resource)
    {
        var format = ResponseFormat.Negotiate(request.Http.Request, list: false);
        var definition = resource.Definition;
        var context = WriteParameters.Read(request);
        var body = await RequestBody.ReadObjectAsync(request.Http.Request, context.Duplicates, request.Aborted).ConfigureAwait(false);
        var created = writer.Create(definition, definition.Namespaced ? request.Info.Namespace : null, body, context);
        AddWarnings(request, context);
        await AnswerAsync(request, 201, resource, created, format).ConfigureAwait(false);
    }

    private async Task UpdateAsync(ApiRequest request, ServedResource resource, string? subresource)
    {
        var format = ResponseFormat.Negotiate(request.Http.Request, list: false);
        var definition = resource.Definition;
        var context = WriteParameters.Read(request);
        var body = await RequestBody.ReadObjectAsync(request.Http.Request, context.Duplicates, request.Aborted).ConfigureAwait(false);
        var (updated, created) = writer.Update(definition, Key(definition, request.Info), subresource, body, context);
        AddWarnings(request, context);
        await AnswerAsync(request, created ? 201 : 200, resource, updated, format).ConfigureAwait(false);
    }

    private async Task DeleteAsync(ApiRequest request, ServedResource resource)
    {
        var options = await DeleteParameters.ReadAsync(request).ConfigureAwait(false);
        var definition = resource.Definition;
        var result = writer.Delete(definition, Key(definition, request.Info), options);
        if (result.Gone && !ReturnsDeleted(definition))
            await ResponseWriter.NodeAsync(request.Http, 200,
                StatusDocument.Deleted(definition.Group, definition.Plural, result.Object.Key.Name, result.Object.Uid)).ConfigureAwait(false);
        else
            await AnswerAsync(request, 200, resource, result.Object, ResponseFormat.Json).ConfigureAwait(false);
    }

    /// <summary>The few types whose deletion answers with the object, as on a real server; clients must cope with both.</summary>
    private static bool ReturnsDeleted(ResourceDefinition definition) => definition is
    {
        Group: "",
        Plural: "persistentvolumeclaims" or "persistentvolumes" or "pods" or "podtemplates" or "resourcequotas" or "serviceaccounts" or "services",
    };

    private async Task DeleteCollectionAsync(ApiRequest request, ServedResource resource)
    {
        var options = await DeleteParameters.ReadAsync(request).ConfigureAwait(false);
        var definition = resource.Definition;
        var deleted = writer.DeleteMatching(definition, RequestQuery.Selector(request.Query, definition, request.Info), options);
        await AnswerListAsync(request, resource, new Listing.ListPage(store.Version, deleted, null, null), ResponseFormat.Json)
            .ConfigureAwait(false);
    }

    private static void AddWarnings(ApiRequest request, WriteContext context)
    {
        if (context.Warnings.Count > 0)
            request.Http.Response.Headers.Warning = new StringValues([.. context.Warnings.Distinct().Select(WarningText)]);
    }

    /// <summary>RFC 7234: code 299 (miscellaneous, persistent), no agent, a quoted text.</summary>
    private static string WarningText(string text)
    {
        var quoted = new StringBuilder("299 - \"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\');
            quoted.Append(c is >= ' ' and <= '~' ? c : '?');
        }

        return quoted.Append('"').ToString();
    }
}
