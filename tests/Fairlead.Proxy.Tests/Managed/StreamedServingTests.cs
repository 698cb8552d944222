using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Proxy.Tests.Targets;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fairlead.Proxy.Tests.Managed;

/// <summary>What does not end with one answer to one request, over TLS.</summary>
public sealed class StreamedServingTests : ManagedProxyTest
{
    private const string Domain = "app.embedded.ts.net";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamed-serving-");

    /// <summary>More than all buffers on the way hold.</summary>
    private readonly byte[] _large = RandomNumberGenerator.GetBytes(24 << 20);

    /// <summary>Released when the client has seen the first event.</summary>
    private readonly SemaphoreSlim _seen = new(0);
    private WebApplication _app = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await WriteCertificateAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(AnswerAsync);
        await _app.StartAsync(Stop);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _app.DisposeAsync();
        _folder.Delete(true);
        _seen.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Both_directions_of_a_remote_call_stream_at_once_and_it_ends_with_trailers()
    {
        using var http = await StartAsync(HttpsTo(_app.Urls.Last()));
        var content = new WrittenContent("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/call")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.ParseAdd("trailers");

        var answer = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        var up = await content.OpenedAsync(Stop);
        await up.WriteAsync("one"u8.ToArray(), Stop);
        await up.FlushAsync(Stop);
        using var response = await answer;
        await using var down = await response.Content.ReadAsStreamAsync(Stop);
        Assert.Equal("one", await ReadAsync(down, 3));
        await up.WriteAsync("two"u8.ToArray(), Stop);
        await up.FlushAsync(Stop);
        Assert.Equal("two", await ReadAsync(down, 3));
        content.End();

        Assert.Equal("", await ReadAsync(down, 1));
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.Equal("HTTP/2", response.Headers.GetValues("App-Protocol").Single());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Events_reach_the_client_while_the_answer_goes_on(string version)
    {
        using var http = await StartAsync(HttpsTo(_app.Urls.First()));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
        Assert.Equal("data: first", await events.ReadLineAsync(Stop));
        _seen.Release();

        Assert.Equal("", await events.ReadLineAsync(Stop));
        Assert.Equal("data: second", await events.ReadLineAsync(Stop));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Large_bodies_of_unknown_length_come_through_unchanged_both_ways(string version)
    {
        using var http = await StartAsync(HttpsTo(_app.Urls.First()));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/large")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(_large),
        };
        request.Headers.TransferEncodingChunked = version == "1.1" ? true : null;

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        await using var down = await response.Content.ReadAsStreamAsync(Stop);

        var hash = SHA256.HashData(_large);
        Assert.Equal(Convert.ToHexString(hash), response.Headers.GetValues("App-Received").Single());
        Assert.Equal(hash, await SHA256.HashDataAsync(down, Stop));
        Assert.Null(response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task WebSockets_carry_large_messages_and_the_reason_of_their_end(string version)
    {
        using var http = await StartAsync(HttpsTo(_app.Urls.First()));
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"wss://{Domain}/socket"), http, Stop);
        var message = new byte[300_000];
        new Random(3).NextBytes(message);

        var sending = socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, Stop).AsTask();
        using var echo = new MemoryStream();
        var buffer = new byte[65536];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer.AsMemory(), Stop);
            echo.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);

        await sending;
        Assert.Equal(message, echo.ToArray());
        await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "going home", Stop);
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "seen: going home"), (socket.CloseStatus, socket.CloseStatusDescription));
    }

    [Fact]
    public async Task TLS_of_a_forwarded_port_ends_here_and_its_close_reaches_both_ends()
    {
        var port = StartEcho(IPAddress.Loopback, "plain");
        var laptop = await ServeAsync($$"""{ "TCP": { "8443": { "TCPForward": "127.0.0.1:{{port}}", "TerminateTLS": "{{Domain}}" } } }""");
        await using var stream = await laptop.DialAsync(Domain, 8443, Stop);
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(TrustingAnyone(), Stop);

        Assert.Equal("plain: hello", await ExchangeAsync(tls, "hello"));
        Assert.Equal($"CN={Domain}", tls.RemoteCertificate!.Subject);
        await tls.ShutdownAsync();
        Assert.Equal(0, await tls.ReadAsync(new byte[1], Stop));
    }

    [Fact]
    public async Task Servers_are_found_by_the_clusters_DNS_and_where_low_ports_lie()
    {
        using var dns = ScriptedDnsServer.Knowing("web.default.svc.cluster.local", IPAddress.Loopback);
        var raw = StartEcho(IPAddress.Loopback, "raw");
        var offset = new Uri(_app.Urls.First()).Port - 80;
        var laptop = await ServeAsync(
            $$"""
            { "TCP": { "443": { "HTTPS": true }, "7000": { "TCPForward": "web.default.svc.cluster.local:{{raw}}" } },
              "Web": { "{{Domain}}:443": { "Handlers": { "/": { "Proxy": "http://web.default.svc.cluster.local" } } } } }
            """,
            ("FAIRLEAD_CLUSTER_DNS", dns.Address.ToString()),
            ("FAIRLEAD_LOW_PORT_OFFSET", offset.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        using var http = NewClient(laptop);

        Assert.Equal("hello of web.default.svc.cluster.local", await http.GetStringAsync("/hello", Stop));
        await using var stream = await laptop.DialAsync(Domain, 7000, Stop);
        Assert.Equal("raw: hello", await ExchangeAsync(stream, "hello"));
    }

    private static string HttpsTo(string server) => $$"""
        { "TCP": { "443": { "HTTPS": true } }, "Web": { "{{Domain}}:443": { "Handlers": { "/": { "Proxy": "{{server}}" } } } } }
        """;

    private static SslClientAuthenticationOptions TrustingAnyone() => new()
    {
        TargetHost = Domain,
#pragma warning disable CA5359 // The test made the certificate.
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    private static HttpClient NewClient(TailnetNode laptop)
    {
        var handler = laptop.CreateHttpHandler();
        handler.SslOptions = TrustingAnyone();
        return new HttpClient(handler) { BaseAddress = new Uri($"https://{Domain}/") };
    }

    /// <summary>As many bytes as asked for, fewer only at the end.</summary>
    private static async Task<string> ReadAsync(Stream stream, int length)
    {
        var buffer = new byte[length];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAtLeastAsync(buffer, length, throwOnEndOfStream: false, Stop));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        switch (request.Path.Value)
        {
            case "/hello":
                await response.WriteAsync($"hello of {request.Host.Host.Replace(Domain, "web.default.svc.cluster.local", StringComparison.Ordinal)}", Stop);
                break;
            case "/events":
                response.ContentType = "text/event-stream";
                await response.WriteAsync("data: first\n\n", Stop);
                await response.Body.FlushAsync(Stop);
                await _seen.WaitAsync(Stop);
                await response.WriteAsync("data: second\n\n", Stop);
                break;
            case "/socket":
                await EchoAsync(await context.WebSockets.AcceptWebSocketAsync());
                break;
            case "/large":
                response.Headers["App-Received"] = Convert.ToHexString(await SHA256.HashDataAsync(request.Body, Stop));
                await response.StartAsync(Stop);
                await response.Body.WriteAsync(_large, Stop);
                break;
            default:
                response.Headers["App-Protocol"] = request.Protocol;
                if (response.SupportsTrailers())
                {
                    response.DeclareTrailer("grpc-status");
                }

                var buffer = new byte[65536];
                while (await request.Body.ReadAsync(buffer, Stop) is > 0 and var length)
                {
                    await response.Body.WriteAsync(buffer.AsMemory(0, length), Stop);
                    await response.Body.FlushAsync(Stop);
                }

                if (response.SupportsTrailers())
                {
                    response.AppendTrailer("grpc-status", "0");
                }

                break;
        }
    }

    private static async Task EchoAsync(WebSocket socket)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), Stop) is { MessageType: not WebSocketMessageType.Close } received)
        {
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, Stop);
        }

        await socket.CloseAsync(socket.CloseStatus!.Value, $"seen: {socket.CloseStatusDescription}", Stop);
    }

    private async Task<HttpClient> StartAsync(string serve) => NewClient(await ServeAsync(serve));

    /// <summary>A proxy that serves so, and a laptop that knows it.</summary>
    private async Task<TailnetNode> ServeAsync(string serve, params (string Name, string Value)[] variables)
    {
        var path = Path.Combine(_folder.FullName, "serve-config");
        await File.WriteAllTextAsync(path, serve, Stop);
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync("app", [("TS_SERVE_CONFIG", path), ("TS_STATE_DIR", _folder.FullName), .. variables]);
        await SeesAsync(laptop, "app");
        return laptop;
    }

    /// <summary>The proxy finds it in its state, as if an authority had issued it.</summary>
    private async Task WriteCertificateAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Domain}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60));
        using var state = new FileNodeStateStore(Path.Combine(_folder.FullName, "tailscaled.state"));
        await state.WriteAsync(NodeStateKeys.CertificateChain(Domain), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()), Stop);
        await state.WriteAsync(NodeStateKeys.CertificateKey(Domain), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()), Stop);
    }
}
