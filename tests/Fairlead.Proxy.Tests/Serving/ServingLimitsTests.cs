using System.Net;
using System.Text;
using Fairlead.Proxy.Serving;
using Fairlead.Tailnet.Hosting;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class ServingLimitsTests : ServeHostTest
{
    private static readonly ServingLimits _few = new() { Connections = 4 };

    private static readonly ServingLimits _short = new()
    {
        Handshake = TimeSpan.FromMilliseconds(100), RequestHead = TimeSpan.FromMilliseconds(100), IdleConnection = TimeSpan.FromMilliseconds(100),
    };

    [Fact]
    public async Task One_peer_does_not_take_all_connections_of_forwarded_ports()
    {
        var backend = StartEcho(IPAddress.Loopback, "raw");
        await NewHost(TimeProvider.System, _few).UseAsync($$"""{ "TCP": { "7000": { "TCPForward": "{{backend}}" }, "7001": { "TCPForward": "{{backend}}" } } }""", Stop);
        await using var first = await Laptop.DialAsync("app", 7000, Stop);
        Assert.Equal("raw: hello", await ExchangeAsync(first, "hello"));
        await using var second = await Laptop.DialAsync("app", 7001, Stop);
        Assert.Equal("raw: hello", await ExchangeAsync(second, "hello"));

        // By its other address, it is the same peer.
        await using (var third = await Laptop.DialAsync(Node.Status.Addresses[1].ToString(), 7000, Stop))
        {
            Assert.True(await IsEndedAsync(third));
        }

        var friend = await JoinAsync("friend");
        await SeesAsync(friend, "app");
        await using var other = await friend.DialAsync("app", 7000, Stop);
        Assert.Equal("raw: hello", await ExchangeAsync(other, "hello"));
    }

    [Fact]
    public async Task One_peer_does_not_take_all_connections_of_HTTP_ports_and_gets_back_what_it_ends()
    {
        await NewHost(TimeProvider.System, _few).UseAsync("""{ "TCP": { "80": { "HTTP": true } }, "Web": { "app:80": { "Handlers": { "/": { "Text": "served" } } } } }""", Stop);
        var held = new List<Stream>();
        for (var i = 0; i < 2; i++)
        {
            held.Add(await Laptop.DialAsync("app", 80, Stop));
            await held[i].WriteAsync("GET / HTTP/1.1\r\nHost: app\r\n\r\n"u8.ToArray(), Stop);
            Assert.NotEqual(0, await held[i].ReadAsync(new byte[1], Stop));
        }

        await using (var third = await Laptop.DialAsync("app", 80, Stop))
        {
            Assert.True(await IsEndedAsync(third));
        }

        var friend = await JoinAsync("friend");
        await SeesAsync(friend, "app");
        using var http = new HttpClient(friend.CreateHttpHandler());
        Assert.Equal("served", await http.GetStringAsync(new Uri("http://app/"), Stop));

        foreach (var connection in held)
        {
            await connection.DisposeAsync();
        }

        await AnswersAgainAsync();
    }

    [Theory]
    [InlineData("""{ "TCP": { "443": { "TCPForward": "127.0.0.1:1", "TerminateTLS": "app.embedded.ts.net" } } }""")]
    [InlineData("""{ "TCP": { "443": { "HTTPS": true } }, "Web": { "app.embedded.ts.net:443": { "Handlers": { "/": { "Text": "served" } } } } }""")]
    public async Task A_client_that_does_not_finish_its_handshake_is_dropped(string config)
    {
        await NewHost(TimeProvider.System, _short).UseAsync(config, Stop);
        await using var connection = await Laptop.DialAsync("app", 443, Stop);

        // A record of a handshake (22), TLS 1.0 as all begin, of which nothing follows.
        await connection.WriteAsync(new byte[] { 22, 3, 1, 1, 0 }, Stop);

        Assert.True(await IsEndedAsync(connection));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\nHost: app\r\n")]
    public async Task A_client_that_does_not_send_its_requests_head_is_dropped(string sent)
    {
        await NewHost(TimeProvider.System, _short).UseAsync("""{ "TCP": { "80": { "HTTP": true } }, "Web": { "app:80": { "Handlers": { "/": { "Text": "served" } } } } }""", Stop);
        await using var connection = await Laptop.DialAsync("app", 80, Stop);
        await connection.WriteAsync(Encoding.ASCII.GetBytes(sent), Stop);

        using var answer = new StreamReader(connection);
        try
        {
            Assert.DoesNotContain("200 OK", await answer.ReadToEndAsync(Stop).WaitAsync(Limit, Stop), StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It was reset, which is an end as well.
        }
    }

    /// <summary>The server learns of an end a moment after the client.</summary>
    private async Task AnswersAgainAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        using var http = new HttpClient(Laptop.CreateHttpHandler());
        while (true)
        {
            try
            {
                Assert.Equal("served", await http.GetStringAsync(new Uri("http://app/"), limit.Token));
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Yield();
            }
        }
    }
}
