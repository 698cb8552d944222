using System.IO.Pipelines;
using System.Net.WebSockets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>The relay's HTTP side: the upgrade to DERP, and what clients measure and probe.</summary>
internal sealed class RelayEndpoints(RelaySession sessions, PublicKey key, RelayFaults faults, CancellationToken stopping)
{
    private const int MaxChallenge = 64;

    public void Map(WebApplication app)
    {
        app.MapGet(DerpProtocol.Path, UpgradeAsync);
        app.MapMethods(DerpProtocol.ProbePath, ["GET", "HEAD"], Probe);
        app.MapMethods(DerpProtocol.LatencyCheckPath, ["GET", "HEAD"], Probe);
        app.MapGet("/generate_204", GenerateNoContent);
    }

    private async Task UpgradeAsync(HttpContext context)
    {
        if (faults.RefuseConnections)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        // Browsers have no other way to speak DERP; the protocol is the same inside.
        if (context.WebSockets.IsWebSocketRequest && context.WebSockets.WebSocketRequestedProtocols.Contains(DerpProtocol.WebSocketProtocol))
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(DerpProtocol.WebSocketProtocol);
            await using var messages = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
            await ServeAsync(context, messages);
            context.Abort();
            return;
        }

        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade
            || !string.Equals(context.Request.Headers.Upgrade, DerpProtocol.UpgradeToken, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = DerpProtocol.UpgradeToken;
            await context.Response.WriteAsync("DERP requires connection upgrade", context.RequestAborted);
            return;
        }

        context.Response.Headers.Upgrade = DerpProtocol.UpgradeToken;
        context.Response.Headers[DerpProtocol.VersionHeader] = "2";
        context.Response.Headers[DerpProtocol.PublicKeyHeader] = key.ToString();
        await using var stream = await upgrade.UpgradeAsync();
        await ServeAsync(context, stream);
        context.Abort();
    }

    private async Task ServeAsync(HttpContext context, Stream stream)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await sessions.RunAsync(stream, PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)), ending.Token);
    }

    // Measured from a browser too, hence the header.
    private static Task Probe(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        return Task.CompletedTask;
    }

    /// <summary>Shows a client that it reaches the relay itself and no captive portal: a portal cannot know the answer.</summary>
    private static Task GenerateNoContent(HttpContext context)
    {
        string? challenge = context.Request.Headers["X-Tailscale-Challenge"];
        if (challenge is { Length: > 0 and <= MaxChallenge } && challenge.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            context.Response.Headers["X-Tailscale-Response"] = $"response {challenge}";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
