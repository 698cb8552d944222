using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Cluster.Serialization.Protobuf;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Options of a deletion: the body where there is one, the query otherwise.</summary>
internal static class DeleteParameters
{
    public static async Task<DeleteOptions> ReadAsync(ApiRequest request)
    {
        var bytes = await RequestBody.ReadAsync(request.Http.Request, request.Aborted).ConfigureAwait(false);
        var options = bytes.IsEmpty ? FromQuery(request) : FromBody(bytes, RequestBody.MediaType(request.Http.Request));
        options = options with { User = request.User, DryRun = options.DryRun || WriteParameters.DryRun(request) };
        return options.PropagationPolicy is null or "Background" or "Foreground" or "Orphan"
            ? options
            : throw ApiErrors.InvalidOptions(
                "DeleteOptions", FieldErrorType.NotSupported, "propagationPolicy",
                "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"", $"\"{options.PropagationPolicy}\"");
    }

    private static DeleteOptions FromQuery(ApiRequest request) => new()
    {
        GracePeriodSeconds = RequestQuery.Number(request.Query, "gracePeriodSeconds"),
        PropagationPolicy = Propagation(RequestQuery.Text(request.Query, "propagationPolicy"), RequestQuery.Flag(request.Query, "orphanDependents")),
    };

    private static DeleteOptions FromBody(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        if (mediaType is not ("" or "application/json" or "application/yaml" or ProtobufBody.MediaType))
            throw ApiErrors.UnsupportedMediaType(mediaType, "application/json, application/yaml");
        var body = RequestBody.ParseObject(bytes.Span, mediaType, []);
        if (body["kind"] is { } kind && kind.ToString() is not ("DeleteOptions" or ""))
            throw ApiErrors.BadRequest($"the body of a deletion must be DeleteOptions, not {kind}");
        try
        {
            return new DeleteOptions
            {
                GracePeriodSeconds = (long?)body["gracePeriodSeconds"],
                PropagationPolicy = Propagation((string?)body["propagationPolicy"], (bool?)body["orphanDependents"]),
                PreconditionUid = (string?)body["preconditions"]?["uid"],
                PreconditionResourceVersion = (string?)body["preconditions"]?["resourceVersion"],
                DryRun = DryRun(body["dryRun"] as JsonArray),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or JsonException)
        {
            throw ApiErrors.BadRequest("DeleteOptions: a member has the wrong type");
        }
    }

    private static string? Propagation(string? policy, bool? orphan)
    {
        if (policy is not null && orphan is not null)
            throw ApiErrors.BadRequest("DeleteOptions: orphanDependents and propagationPolicy cannot be both set");
        return policy ?? orphan switch { true => "Orphan", false => "Background", null => null };
    }

    private static bool DryRun(JsonArray? values)
    {
        if (values is null or { Count: 0 })
            return false;
        return values.Count == 1 && (string?)values[0] == "All"
            ? true
            : throw ApiErrors.BadRequest("DeleteOptions: dryRun: supported values: \"All\"");
    }
}
