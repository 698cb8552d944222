using System.Collections.Concurrent;
using Fairlead.Tailscale.LocalApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fairlead.Tailscale.Tests.LocalApi;

/// <summary>An HTTP server on a unix socket that answers as a test says, and a client of it.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fairlead-localapi-");
    private readonly WebApplication _app;

    private SocketServer(RequestDelegate answer, TimeProvider time)
    {
        Socket = Path.Combine(_folder.FullName, "daemon.sock");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket, listen => listen.Protocols = HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(async context =>
        {
            context.Request.EnableBuffering();
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            Requests.Enqueue(new ReceivedRequest(
                $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}", context.Request.Host.Value ?? "", context.Request.Headers.IfMatch.ToString(), body));
            context.Response.Headers["Tailscale-Cap"] = "133";
            await answer(context);
        });
        Client = new LocalApiClient(new LocalApiOptions { Socket = Socket, Time = time });
    }

    public string Socket { get; }

    public LocalApiClient Client { get; }

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

    public static async Task<SocketServer> StartAsync(RequestDelegate answer, TimeProvider? time = null)
    {
        var server = new SocketServer(answer, time ?? TimeProvider.System);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public static Task<SocketServer> AnsweringAsync(string body, int status = 200) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body, context.RequestAborted);
    });

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
