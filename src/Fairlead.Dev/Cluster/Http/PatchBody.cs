using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Patching;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>A patch as the request's content type defines it.</summary>
internal sealed class PatchBody
{
    private const string JsonPatchType = "application/json-patch+json";
    private const string MergePatchType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const string ApplyType = "application/apply-patch+yaml";

    private readonly string _type;
    private readonly JsonNode? _body;

    private PatchBody(string type, JsonNode? body)
    {
        _type = type;
        _body = body;
    }

    /// <summary>The configuration of a server-side apply; null for other patches.</summary>
    public JsonObject? Configuration => _type == ApplyType ? _body as JsonObject : null;

    /// <param name="strategic">Whether the type knows strategic merge patches; custom resources do not.</param>
    /// <exception cref="ApiStatusException">415 for another content type, 400 for a body that is none, 422 for bad parameters.</exception>
    public static async Task<PatchBody> ReadAsync(ApiRequest request, bool strategic, WriteContext context)
    {
        var type = RequestBody.MediaType(request.Http.Request);
        if (type is not (JsonPatchType or MergePatchType or ApplyType) && !(strategic && type == StrategicType))
            throw ApiErrors.UnsupportedMediaType(type, strategic
                ? $"{JsonPatchType}, {MergePatchType}, {StrategicType}, {ApplyType}"
                : $"{JsonPatchType}, {MergePatchType}, {ApplyType}");
        CheckParameters(request, type);
        var bytes = await RequestBody.ReadAsync(request.Http.Request, request.Aborted).ConfigureAwait(false);
        var body = RequestBody.Parse(bytes.Span, type == ApplyType, context.Duplicates);
        var fits = type == JsonPatchType ? body is JsonArray : body is JsonObject;
        return fits
            ? new PatchBody(type, body)
            : throw ApiErrors.BadRequest($"the body of a {type} patch must be {(type == JsonPatchType ? "an array" : "an object")}");
    }

    /// <summary>The patched document.</summary>
    public JsonObject Apply(JsonObject target, SchemaNode schema)
    {
        var result = _type switch
        {
            JsonPatchType => JsonPatch.Apply(target, _body!.AsArray()),
            MergePatchType => MergePatch.Apply(target, _body),
            StrategicType => StrategicMergePatch.Apply(target, _body!.AsObject(), schema),
            _ => throw new InvalidOperationException("server-side apply needs the live object's managers"),
        };
        return result as JsonObject ?? throw ApiErrors.BadRequest("the patched document is not an object");
    }

    private static void CheckParameters(ApiRequest request, string type)
    {
        if (type == ApplyType && RequestQuery.Text(request.Query, "fieldManager") is null)
            throw ApiErrors.InvalidOptions("PatchOptions", FieldErrorType.Required, "fieldManager", "is required for apply patch");
        if (type != ApplyType && request.Query.ContainsKey("force"))
            throw ApiErrors.InvalidOptions("PatchOptions", FieldErrorType.Forbidden, "force", "may not be specified for non-apply patch");
    }
}
