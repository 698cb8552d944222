using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Reads the object in a request's body.</summary>
internal static class BodyDecoder
{
    public static async Task<JsonObject> ReadAsync(ApiRequest request, ResourceDefinition definition, WriteContext context)
    {
        var duplicates = new List<string>();
        var body = await RequestBody.ReadObjectAsync(request.Http.Request, duplicates, request.Aborted).ConfigureAwait(false);
        ObjectSchema.Prune(definition, body, duplicates, context);
        return body;
    }
}
