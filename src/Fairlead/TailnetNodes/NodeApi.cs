using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Relaying;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Fairlead.TailnetNodes;

/// <summary>What other commands of this user ask a running node, over a socket in its directory: HTTP, and raw streams after an upgrade.</summary>
internal sealed class NodeApi : IAsyncDisposable
{
    /// <summary>The protocol that a request is upgraded to when it asks for a connection.</summary>
    public const string StreamProtocol = "fairlead-stream";

    /// <summary>Who waits longer for a ping does not wait for a ping.</summary>
    private const int MaxPingSeconds = 3600;

    private readonly TailnetNode _node;
    private readonly WebApplication _app;

    private NodeApi(TailnetNode node, NodeDirectory directory)
    {
        _node = node;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenUnixSocket(directory.Socket, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        MapGet("/status", (context, _) => WriteJsonAsync(context, NodeStatusJson.From(_node.Status)));
        MapGet("/ping", PingAsync);
        MapGet("/dial", DialAsync);
        MapGet("/serve", ServeAsync);
    }

    /// <summary>Listens; the socket can be used by its owner alone.</summary>
    public static async Task<NodeApi> StartAsync(TailnetNode node, NodeDirectory directory, CancellationToken cancellationToken)
    {
        // One left by a process that was killed; that none is running was made sure before.
        File.Delete(directory.Socket);
        var api = new NodeApi(node, directory);
        await api._app.StartAsync(cancellationToken).ConfigureAwait(false);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return api;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await _app.StopAsync(now.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static Task WriteJsonAsync(HttpContext context, JsonNode body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private void MapGet(string path, Func<HttpContext, CancellationToken, Task> handler) => _app.MapMethods(path, [HttpMethods.Get], async (HttpContext context) =>
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _app.Lifetime.ApplicationStopping);
        try
        {
            await handler(context, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!either.IsCancellationRequested)
        {
            await TellAsync(context, e).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Who asked is gone, or the node stops.
        }
    });

    /// <summary>Whatever went wrong, who asked gets a text: as the answer, or as the last line of one that has begun.</summary>
    private static async Task TellAsync(HttpContext context, Exception failure)
    {
        var isMistake = failure is FormatException or ArgumentException;
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = isMistake ? StatusCodes.Status400BadRequest : StatusCodes.Status502BadGateway;
            await context.Response.WriteAsync(failure.Message, CancellationToken.None).ConfigureAwait(false);
        }
        else if (context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            await context.Response.WriteAsync($"{failure.Message.ReplaceLineEndings(" ")}\n", CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static string Required(HttpContext context, string name) =>
        context.Request.Query[name] is [{ Length: > 0 } value] ? value : throw new FormatException($"'{name}' is missing.");

    private static int Port(HttpContext context) =>
        ushort.TryParse(Required(context, "port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : throw new FormatException("'port' is no port.");

    private static TimeSpan Timeout(HttpContext context) =>
        double.TryParse(Required(context, "timeout"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && seconds <= MaxPingSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"'timeout' is no number of seconds above 0 and up to {MaxPingSeconds}.");

    private async Task PingAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var kind = Enum.TryParse<PingKind>(Required(context, "kind"), ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : throw new FormatException("'kind' is none of disco, tsmp and icmp.");
        var result = await _node.PingAsync(Required(context, "host"), kind, Timeout(context), cancellationToken).ConfigureAwait(false);
        await WriteJsonAsync(context, new JsonObject
        {
            ["node"] = result.NodeName,
            ["latencyMilliseconds"] = result.Latency.TotalMilliseconds,
            ["path"] = result.Path,
        }).ConfigureAwait(false);
    }

    private async Task DialAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        if (!upgrade.IsUpgradableRequest || context.Request.Headers.Upgrade != StreamProtocol)
        {
            throw new FormatException($"A connection takes an upgrade to {StreamProtocol}.");
        }

        var connection = await _node.DialAsync(Required(context, "host"), Port(context), cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            context.Response.Headers.Upgrade = StreamProtocol;
            var client = new Proxying.FramedStream(await upgrade.UpgradeAsync().ConfigureAwait(false));
            await using (client.ConfigureAwait(false))
            {
                await StreamRelay.RunAsync(client, connection, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Serves as long as the request lasts; a line tells the port when it has begun, and one more why it ended.</summary>
    private async Task ServeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var target = Required(context, "to");
        var options = new ServeOptions(Required(context, "at"), IPEndPoint.TryParse(target, out var endPoint) ? endPoint : throw new FormatException($"'{target}' is no <address>:<port>."), context.Request.Query["tls"] == "true");
        await new NodeServer(_node, options).RunAsync(port => context.Response.WriteAsync($"{port}\n", cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
