using System.Net;
using System.Net.WebSockets;
using System.Text;
using Fairlead.Tailnet.Hosting;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class ChangedServeConfigTests : ServingTest
{
    [Fact]
    public async Task What_is_under_way_outlives_a_change_that_leaves_its_port_as_it_is()
    {
        await using var app = await BackendApp.StartAsync("app", kestrel => kestrel.Listen(IPAddress.Loopback, 0), Stop);
        var raw = StartEcho(IPAddress.Loopback, "raw");
        var held = $$""" "7000": { "TCPForward": "127.0.0.1:{{raw}}" }, "80": { "HTTP": true } """;
        Serve($$"""
            { "TCP": { {{held}}, "7001": { "TCPForward": "127.0.0.1:{{raw}}" } }, "Web": { "app:80": { "Handlers": { "/": { "Proxy": "{{app.Urls.Single()}}" } } } } }
            """);
        var laptop = await StartAsync();
        using var http = new HttpClient(laptop.CreateHttpHandler());
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://app/"), http, Stop);
        await using var stream = await laptop.DialAsync("app", 7000, Stop);
        await using var dropped = await laptop.DialAsync("app", 7001, Stop);
        Assert.Equal("one", await EchoAsync(socket, "one"));
        Assert.Equal("raw: one", await ExchangeAsync(stream, "one"));
        Assert.Equal("raw: one", await ExchangeAsync(dropped, "one"));

        // Another server at the port, another port, and one less.
        Serve($$"""
            { "TCP": { {{held}}, "81": { "HTTP": true } }, "Web": { "app:80": { "Handlers": { "/": { "Text": "changed" } } }, "app:81": { "Handlers": { "/": { "Text": "new" } } } } }
            """);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        while (await http.GetStringAsync(new Uri("http://app/"), limit.Token) != "changed")
        {
            await Task.Delay(10, limit.Token);
        }

        Assert.Equal("two", await EchoAsync(socket, "two"));
        Assert.Equal("raw: two", await ExchangeAsync(stream, "two"));
        await Assert.ThrowsAnyAsync<IOException>(async () => Assert.Equal(0, await dropped.ReadAsync(new byte[1], limit.Token)));
    }

    private static async Task<string> EchoAsync(WebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Text, true, Stop);
        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer, Stop);
        return Encoding.ASCII.GetString(buffer, 0, received.Count);
    }
}
