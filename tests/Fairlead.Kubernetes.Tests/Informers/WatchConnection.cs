using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Kubernetes.Tests.Informers;

/// <summary>The server's end of one watch.</summary>
internal sealed class WatchConnection(HttpContext context)
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Query parameters, null where absent.</summary>
    public string? Query(string name) => context.Request.Query[name];

    public Task Closed => _closed.Task;

    public async Task SendAsync(string type, JsonNode value)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = value.DeepClone() }.ToJsonString() + "\n";
        await context.Response.WriteAsync(line);
        await context.Response.Body.FlushAsync();
    }

    public Task BookmarkAsync(long version, bool initialEventsEnd = false)
    {
        var metadata = new JsonObject { ["resourceVersion"] = $"{version}" };
        if (initialEventsEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        return SendAsync("BOOKMARK", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = metadata });
    }

    public Task ErrorAsync(int code, string reason) =>
        SendAsync("ERROR", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Status", ["status"] = "Failure", ["code"] = code, ["reason"] = reason, ["message"] = "scripted" });

    /// <summary>Ends the watch as a server does when its time is up.</summary>
    public void End() => _closed.TrySetResult();

    /// <summary>Breaks the connection.</summary>
    public void Cut()
    {
        context.Abort();
        _closed.TrySetResult();
    }
}
