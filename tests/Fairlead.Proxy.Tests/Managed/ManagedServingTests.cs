using System.Net;
using System.Net.WebSockets;
using System.Text;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Proxy.Tests.Managed;

public sealed class ManagedServingTests : ManagedProxyTest
{
    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("serve-config-");
    private WebApplication _app = null!;

    private string ConfigPath => Path.Combine(_mount.FullName, "serve-config");

    private string AppUrl { get; set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(async context =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[64];
                var received = await socket.ReceiveAsync(buffer, Stop);
                await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, Stop);
                return;
            }

            var seen = context.Request.Headers.Where(header => header.Key.StartsWith("Tailscale", StringComparison.Ordinal) || header.Key.StartsWith("X-Forwarded", StringComparison.Ordinal));
            await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n{string.Join('\n', seen.Select(header => $"{header.Key}: {header.Value}"))}");
        });
        await _app.StartAsync(Stop);
        AppUrl = _app.Urls.Single();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _app.DisposeAsync();
        _mount.Delete(true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Paths_lead_to_servers_and_say_who_asked()
    {
        Serve($$"""
            { "TCP": { "80": { "HTTP": true } },
              "Web": { "app.embedded.ts.net:80": { "Handlers": {
                "/": { "Proxy": "{{AppUrl}}/base" },
                "/text": { "Text": "plain words" },
                "/old": { "Redirect": "301:https://${HOST}${REQUEST_URI}" } } } } }
            """);
        var (http, laptop) = await StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/some/page?q=1");
        request.Headers.Add("Tailscale-User-Login", "somebody-else");
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        var answer = await (await http.SendAsync(request, Stop)).Content.ReadAsStringAsync(Stop);

        Assert.StartsWith("GET /base/some/page?q=1\n", answer, StringComparison.Ordinal);
        Assert.Contains($"X-Forwarded-For: {laptop.Status.Addresses[0]}", answer, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Host: app", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody-else", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.1", answer, StringComparison.Ordinal);
        Assert.Equal("plain words", await http.GetStringAsync("/text", Stop));
        var redirect = await http.GetAsync("/old/page?x=y", Stop);
        Assert.Equal(HttpStatusCode.MovedPermanently, redirect.StatusCode);
        Assert.Equal("https://app/old/page?x=y", redirect.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_changed_configuration_is_served_without_losing_a_connection()
    {
        Serve("""{ "TCP": { "80": { "HTTP": true } }, "Web": { "app:80": { "Handlers": { "/": { "Text": "before" } } } } }""");
        var (http, _) = await StartAsync();
        Assert.Equal("before", await http.GetStringAsync("/", Stop));

        Serve("""{ "TCP": { "80": { "HTTP": true } }, "Web": { "app:80": { "Handlers": { "/": { "Text": "after" } } } } }""");

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (await http.GetStringAsync("/", limit.Token) != "after")
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task WebSockets_go_through()
    {
        Serve($$"""{ "TCP": { "80": { "HTTP": true } }, "Web": { "app:80": { "Handlers": { "/": { "Proxy": "{{AppUrl}}" } } } } }""");
        var (http, _) = await StartAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://app/"), http, Stop);

        await socket.SendAsync(Encoding.ASCII.GetBytes("echo"), WebSocketMessageType.Text, true, Stop);
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer, Stop);

        Assert.Equal("echo", Encoding.ASCII.GetString(buffer, 0, received.Count));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_bad_gateway()
    {
        Serve("""{ "TCP": { "80": { "HTTP": true } }, "Web": { "app:80": { "Handlers": { "/": { "Proxy": "http://127.0.0.1:1" } } } } }""");
        var (http, _) = await StartAsync();

        Assert.Equal(HttpStatusCode.BadGateway, (await http.GetAsync("/", Stop)).StatusCode);
    }

    [Fact]
    public async Task Bytes_of_a_port_go_on_as_they_come()
    {
        var port = StartEcho(IPAddress.Loopback, "raw");
        Serve($$"""{ "TCP": { "7000": { "TCPForward": "127.0.0.1:{{port}}" } } }""");
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync("app", ("TS_SERVE_CONFIG", ConfigPath));

        await using var stream = await DialAsync(laptop, "app", 7000);

        Assert.Equal("raw: hello", await ExchangeAsync(stream, "hello"));
    }

    private void Serve(string json)
    {
        File.WriteAllText($"{ConfigPath}.new", json);
        File.Move($"{ConfigPath}.new", ConfigPath, overwrite: true);
    }

    private async Task<(AppClient Http, TailnetNode Laptop)> StartAsync()
    {
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync("app", ("TS_SERVE_CONFIG", ConfigPath));
        await SeesAsync(laptop, "app");
        var handler = laptop.CreateHttpHandler();
        handler.AllowAutoRedirect = false;
        return (new AppClient(handler), laptop);
    }

    /// <summary>A client whose requests go to the proxy.</summary>
    private sealed class AppClient : HttpClient
    {
        public AppClient(HttpMessageHandler handler)
            : base(handler) => BaseAddress = new Uri("http://app/");
    }
}
