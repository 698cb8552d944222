using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Tests.Informers;

/// <summary>
/// An API server for one type, of which a test decides every answer: lists come from <see cref="Put"/> and
/// <see cref="Remove"/>, watches say only what the test sends, and faults answer before either.
/// </summary>
internal sealed class ScriptedApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly Channel<WatchConnection> _watches = Channel.CreateUnbounded<WatchConnection>();
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _faults = new();
    private long _version = 100;

    private ScriptedApiServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public ConcurrentQueue<string> Requests { get; } = new();

    public bool SupportsStreamingList { get; set; }

    /// <summary>Awaited before each page of a list.</summary>
    public Func<Task> BeforePage { get; set; } = () => Task.CompletedTask;

    public KubernetesClient Client { get; private set; } = null!;

    public int Lists => Requests.Count(request => !request.Contains("watch=true", StringComparison.Ordinal) && !request.Contains("continue=", StringComparison.Ordinal));

    public static async Task<ScriptedApiServer> StartAsync()
    {
        var server = new ScriptedApiServer();
        await server._app.StartAsync();
        server.Client = new KubernetesClient(
            new ClusterConfiguration { Server = new Uri(server._app.Urls.First()) },
            new KubernetesClientOptions { MaxAttempts = 1 });
        return server;
    }

    public static JsonObject ConfigMap(string name, long version, string data = "", string ns = "web", string? uid = null) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["namespace"] = ns,
            ["name"] = name,
            ["uid"] = uid ?? $"uid-{name}",
            ["resourceVersion"] = $"{version}",
            ["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "kubectl", ["operation"] = "Update" }),
        },
        ["data"] = new JsonObject { ["value"] = data },
    };

    /// <summary>Changes what lists answer; watches do not tell.</summary>
    public JsonObject Put(string name, string data = "", string? uid = null)
    {
        lock (_objects)
        {
            return _objects[name] = ConfigMap(name, ++_version, data, uid: uid);
        }
    }

    public JsonObject Remove(string name)
    {
        lock (_objects)
        {
            _objects.Remove(name, out var removed);
            removed!["metadata"]!["resourceVersion"] = $"{++_version}";
            return removed;
        }
    }

    /// <summary>Answers the next request with an error.</summary>
    public void FailNext(int status, string reason, int? retryAfter = null, string message = "scripted") => _faults.Enqueue(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = $"{retryAfter}";
        }

        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Status", ["status"] = "Failure", ["code"] = status, ["reason"] = reason, ["message"] = message };
        await context.Response.WriteAsync(body.ToJsonString());
    });

    public async Task<WatchConnection> NextWatchAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        return await _watches.Reader.ReadAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(Uri.UnescapeDataString($"{context.Request.Path}{context.Request.QueryString}"));
        if (_faults.TryDequeue(out var fault))
        {
            await fault(context);
        }
        else if (context.Request.Query["watch"] == "true")
        {
            await WatchAsync(context);
        }
        else
        {
            await ListAsync(context);
        }
    }

    private async Task WatchAsync(HttpContext context)
    {
        var streaming = context.Request.Query["sendInitialEvents"] == "true";
        if (streaming && !SupportsStreamingList)
        {
            FailNext(422, "Invalid", message: "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled");
            _faults.TryDequeue(out var refusal);
            await refusal!(context);
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        var watch = new WatchConnection(context);
        if (streaming)
        {
            foreach (var item in Snapshot())
            {
                await watch.SendAsync("ADDED", item);
            }
        }

        _watches.Writer.TryWrite(watch);
        await watch.Closed.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ListAsync(HttpContext context)
    {
        await BeforePage();
        var items = Snapshot();
        var limit = int.Parse(context.Request.Query["limit"].FirstOrDefault() ?? "1000000", CultureInfo.InvariantCulture);
        var start = int.Parse(context.Request.Query["continue"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        var metadata = new JsonObject { ["resourceVersion"] = $"{_version}" };
        if (start + limit < items.Length)
        {
            metadata["continue"] = $"{start + limit}";
        }

        var list = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMapList",
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. items.Skip(start).Take(limit).Select(item => item.DeepClone())]),
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(list.ToJsonString());
    }

    private JsonObject[] Snapshot()
    {
        lock (_objects)
        {
            return [.. _objects.Values];
        }
    }
}
