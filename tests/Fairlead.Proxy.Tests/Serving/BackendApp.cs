using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fairlead.Proxy.Tests.Serving;

/// <summary>A web server behind the proxy, which tells how it was asked, and sends WebSockets' messages back.</summary>
internal static class BackendApp
{
    public static async Task<WebApplication> StartAsync(string name, Action<KestrelServerOptions> listen, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(listen);
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(async context =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                await EchoAsync(await context.WebSockets.AcceptWebSocketAsync(), context.RequestAborted);
                return;
            }

            var told = context.Request.Headers.Where(header => header.Key.StartsWith("Tailscale", StringComparison.Ordinal) || header.Key.StartsWith("X-Forwarded", StringComparison.Ordinal));
            await context.Response.WriteAsync(
                $"{name} {context.Request.Method} {context.Request.Path}\n{string.Join('\n', told.Select(header => $"{header.Key}: {header.Value}"))}", cancellationToken);
        });
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[256];
        while (await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken) is { MessageType: not WebSocketMessageType.Close } received)
        {
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, cancellationToken);
        }
    }
}
