using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Http;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Cluster.Nodes;

/// <summary>Passes requests for a Pod's logs and for commands in it to the keeper of its node.</summary>
internal sealed class PodConnections(IClusterApi api, NodeKeepers nodes)
{
    public static bool Serves(string subresource) => subresource is "log" or "exec";

    public Task HandleAsync(ApiRequest request, string subresource) => (subresource, request.Info.Verb) switch
    {
        ("log", "get") => LogAsync(request),
        ("exec", "get" or "create") => PodExecConnection.ServeAsync(request, () => KeeperOf(request)),
        _ => throw ApiErrors.MethodNotAllowed(),
    };

    private static long? Number(IQueryCollection query, string name)
    {
        if (query[name].ToString() is not { Length: > 0 } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiErrors.BadRequest($"query parameter {name}: \"{text}\" is not a number from 0 on");
    }

    private static DateTimeOffset? Since(IQueryCollection query, DateTimeOffset now)
    {
        if (Number(query, "sinceSeconds") is { } seconds)
            return now.AddSeconds(-seconds);
        if (query["sinceTime"].ToString() is not { Length: > 0 } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw ApiErrors.BadRequest($"query parameter sinceTime: \"{text}\" is not a time as in RFC 3339");
    }

    private async Task LogAsync(ApiRequest request)
    {
        var query = request.Query;
        var keeper = KeeperOf(request);
        var pieces = keeper.ReadLog(
            new PodLogRequest
            {
                Namespace = request.Info.Namespace!,
                Pod = request.Info.Name!,
                Container = query["container"].ToString() is { Length: > 0 } name ? name : null,
                Follow = RequestQuery.Flag(query, "follow") ?? false,
                Previous = RequestQuery.Flag(query, "previous") ?? false,
                Timestamps = RequestQuery.Flag(query, "timestamps") ?? false,
                TailLines = (int?)Number(query, "tailLines"),
                LimitBytes = Number(query, "limitBytes"),
                Since = Since(query, request.Received),
            },
            request.Aborted);
        var response = request.Http.Response;
        response.ContentType = "text/plain";
        await response.StartAsync(request.Aborted).ConfigureAwait(false);
        await foreach (var piece in pieces.ConfigureAwait(false))
        {
            await response.Body.WriteAsync(piece, request.Aborted).ConfigureAwait(false);
            await response.Body.FlushAsync(request.Aborted).ConfigureAwait(false);
        }
    }

    private INodeKeeper KeeperOf(ApiRequest request)
    {
        var (ns, name) = (request.Info.Namespace!, request.Info.Name!);
        JsonObject pod = api.Get("", "pods", ns, name)
            ?? throw new ApiStatusException(404, "NotFound", $"pods \"{name}\" not found") { Kind = "pods", Name = name };
        if (pod.Object("spec").Text("nodeName") is not { Length: > 0 } node)
            throw ApiErrors.BadRequest($"pod {name} does not have a host assigned");
        return nodes.Find(node) ?? throw new ApiStatusException(
            500, "InternalError", $"node \"{node}\" of pod \"{name}\" has no keeper in this cluster: nobody can read its logs or run commands in it");
    }
}
