using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fairlead.Bench.Proxies;

/// <summary>
/// The server behind the proxies, in a process of its own: the same application on the loopback device, where a proxy reaches it, and on a
/// node of the tailnet, where a client reaches it without a proxy.
/// </summary>
internal static class BackendProcess
{
    public const string CommandName = "backend";
    public const string Hostname = "backend";
    public const string AuthKeyVariable = "TS_AUTHKEY";
    public const string CertificateVariable = "BENCH_CERTIFICATE";
    public const string WebSocketPath = "/echo";

    /// <summary>What a client sends first on a raw connection: to have everything sent back, or to be sent bytes without end.</summary>
    public const byte Echo = (byte)'e';
    public const byte Source = (byte)'s';

    public const int StreamPort = 7;
    public const int HttpPort = 80;
    public const int HttpsPort = 443;
    private const int Chunk = 64 << 10;

    private static readonly byte[] Page = new byte[1024];

    public static Command CreateCommand()
    {
        var url = new Argument<string>("url");
        var command = new Command(CommandName, "The server behind the proxies.") { url };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(new Uri(parsed.GetValue(url)!), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, CancellationToken cancellationToken)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(Environment.GetEnvironmentVariable(CertificateVariable)!);
        await using var node = await TailnetNode.StartAsync(
            new TailnetNodeOptions { ControlUrl = url, AuthKey = Environment.GetEnvironmentVariable(AuthKeyVariable) ?? "", Hostname = Hostname }, cancellationToken).ConfigureAwait(false);
        using var inside = node.ListenTcp(StreamPort);
        using var outside = new TcpListener(IPAddress.Loopback, 0);
        outside.Start();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseTailnet(node).ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
            kestrel.ListenTailnet(HttpPort, null, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.ListenTailnet(HttpsPort, null, listen => listen.UseHttps(certificate));
        });
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Run(AnswerAsync);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        var ports = app.Urls.Where(address => address.Contains("127.0.0.1", StringComparison.Ordinal)).ToDictionary(address => address[..address.IndexOf(':', StringComparison.Ordinal)], address => new Uri(address).Port);
        Console.WriteLine($"stream={((IPEndPoint)outside.LocalEndpoint).Port}\nhttp={ports["http"]}\nhttps={ports["https"]}\nready=1");
        await Task.WhenAll(
            ServeAsync(async () => new NetworkStream(await outside.AcceptSocketAsync(cancellationToken).ConfigureAwait(false), ownsSocket: true)),
            ServeAsync(async () => await inside.AcceptAsync(cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.ContentLength = Page.Length;
            context.Response.ContentType = "application/octet-stream";
            await context.Response.BodyWriter.WriteAsync(Page, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        var buffer = new byte[Page.Length];
        while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted).ConfigureAwait(false) is { MessageType: not WebSocketMessageType.Close } received)
        {
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Binary, received.EndOfMessage, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task ServeAsync(Func<Task<Stream>> acceptAsync)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await acceptAsync().ConfigureAwait(false));
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }

    private static async Task AnswerAsync(Stream stream)
    {
        var buffer = new byte[Chunk];
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                await stream.ReadExactlyAsync(buffer.AsMemory(0, 1)).ConfigureAwait(false);
                if (buffer[0] == Source)
                {
                    while (true)
                    {
                        await stream.WriteAsync(buffer).ConfigureAwait(false);
                    }
                }

                while (await stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var length)
                {
                    await stream.WriteAsync(buffer.AsMemory(0, length)).ConfigureAwait(false);
                }
            }
        }
        catch (IOException)
        {
            // The client has seen enough.
        }
    }
}
