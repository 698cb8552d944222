using System.Globalization;
using System.Text;
using Fairlead.Tailnet.Control.ControlToNode;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Pings;
using Fairlead.Tailnet.Protocol.Control.Services;
using Fairlead.Tailnet.Tests.Control.Harness;

namespace Fairlead.Tailnet.Tests.Control;

public sealed class PingTests : ControlTest
{
    [Fact]
    public async Task A_plain_ping_is_a_HEAD_request_outside_the_channel()
    {
        var (_, stream) = await ConnectAsync();

        await stream.SendAsync(new MapResponse { KeepAlive = true, PingRequest = new PingRequest { URL = $"{Server.Url}some/place?x=1" } });

        Assert.Equal("HEAD /some/place?x=1", (await Server.NextOtherAsync()).Request);
    }

    [Fact]
    public async Task The_same_request_again_is_not_answered_again()
    {
        var (_, stream) = await ConnectAsync();
        foreach (var path in new[] { "/a", "/a", "/b" })
        {
            await stream.SendAsync(new MapResponse { KeepAlive = true, PingRequest = new PingRequest { URL = "https://unused" + path, URLIsNoise = true } });
        }

        var paths = new[] { (await Server.NextOtherAsync()).Request, (await Server.NextOtherAsync()).Request };
        Assert.Equal(["HEAD /a", "HEAD /b"], paths.Order());
    }

    [Theory]
    [InlineData("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 200, "hello")]
    [InlineData("GET http://unused/echo HTTP/1.1\r\nHost: x\r\n\r\n", 200, "")]
    [InlineData("GET /nowhere HTTP/1.1\r\n\r\n", 404, "unknown path\n")]
    [InlineData("POST /vip-services HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 405, "method not allowed\n")]
    [InlineData("GET /vip-services HTTP/1.1\r\n\r\n", 200, """{"VIPServices":[{"Name":"svc:a","Ports":["tcp:443"],"Active":true}],"ServicesHash":"HASH"}""")]
    [InlineData("GET /debug/netmap HTTP/1.1\r\n\r\n", 200, """{"current":{"Node":{"ID":1,"Name":"a.example.ts.net.","AllowedIPs":[],"MachineAuthorized":true},"DERPMap":{"Regions":{}},"Peers":[],"DNSConfig":{},"PacketFilter":[],"UserProfiles":[]}}""")]
    [InlineData("GET /own?q=1 HTTP/1.1\r\n\r\n", 200, "q=1")]
    [InlineData("GET /broken HTTP/1.1\r\n\r\n", 500, "internal error\n")]
    [InlineData("GARBAGE", 400, "bad request\n")]
    [InlineData("GET /echo HTTP/1.1\r\nContent-Length: 9\r\n\r\nhello", 400, "bad request\n")]
    [InlineData("GET /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhello", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n00A\r\n, chunked!\r\n0\r\n\r\n", 200, "hello, chunked!")]
    [InlineData("POST /echo HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n2;name=value\r\nhi\r\n1 ;x\r\n!\r\n0\r\nTrailer: thrown away\r\n\r\n", 200, "hi!")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\r\n0\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\nhello\r\n0\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nhello\r\n0\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n100000005\r\nhello\r\n0\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno field\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 400, "bad request\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501, "no transfer coding but chunked is supported\n")]
    [InlineData("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501, "no transfer coding but chunked is supported\n")]
    public async Task Requests_of_the_server_to_the_node_are_answered(string request, int status, string answer)
    {
        VipService[] services = [new() { Name = "svc:a", Ports = [ProtoPortRange.Tcp(443)], Active = true }];
        var (_, stream) = await ConnectAsync(options => options with
        {
            Description = options.Description with { Services = services },
            Routes =
            [
                new ControlToNodeRoute("GET", "/own", (own, _) => ValueTask.FromResult(ControlToNodeResponse.Text(own.Query))),
                new ControlToNodeRoute("GET", "/broken", (_, _) => throw new InvalidOperationException("inner")),
            ],
        });

        await stream.SendAsync(new MapResponse
        {
            PingRequest = new PingRequest { URL = "https://unused/c2n/token", Types = PingTypes.ControlToNode, Payload = Encoding.ASCII.GetBytes(request) },
        });

        var (path, body) = await Server.NextOtherAsync();
        Assert.Equal("POST /c2n/token", path);
        var parts = Encoding.UTF8.GetString(body).Split("\r\n\r\n", 2);
        Assert.StartsWith($"HTTP/1.1 {status} ", parts[0], StringComparison.Ordinal);
        Assert.Equal(answer.Replace("HASH", ServicesHash.Of(services), StringComparison.Ordinal), parts[1]);
        Assert.Contains($"Content-Length: {body.Length - parts[0].Length - 4}", parts[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1;{0}\r\nx\r\n0\r\n\r\n", 200, 200)]
    [InlineData("1;{0}\r\nx\r\n0\r\n\r\n", 300, 400)]
    [InlineData("1\r\nx\r\n0\r\nT: {0}\r\n\r\n", 8000, 200)]
    [InlineData("1\r\nx\r\n0\r\nT: {0}\r\n\r\n", 9000, 400)]
    public async Task What_comes_with_chunks_beside_the_body_is_bounded(string format, int length, int status)
    {
        var (_, stream) = await ConnectAsync();
        var chunks = string.Format(CultureInfo.InvariantCulture, format, new string('e', length));

        await stream.SendAsync(new MapResponse
        {
            PingRequest = new PingRequest
            {
                URL = "https://unused/c2n/token",
                Types = PingTypes.ControlToNode,
                Payload = Encoding.ASCII.GetBytes($"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"),
            },
        });

        Assert.StartsWith($"HTTP/1.1 {status} ", Encoding.UTF8.GetString((await Server.NextOtherAsync()).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pings_of_other_nodes_are_made_in_every_way_asked_for_and_reported()
    {
        var (_, stream) = await ConnectAsync(options => options with
        {
            Pinger = (address, type, _) => Task.FromResult(new PingResponse { NodeIP = address.ToString(), LatencySeconds = type == PingTypes.Disco ? 0.5 : 0.25 }),
        });

        await stream.SendAsync("""{"PingRequest":{"URL":"https://unused/result","URLIsNoise":true,"Types":"disco,TSMP,unknown","IP":"100.64.0.2"}}""");

        var results = new[] { await Server.NextOtherAsync(), await Server.NextOtherAsync() }.Select(result => ControlJson.Deserialize<PingResponse>(result.Body)).OrderBy(result => result.LatencySeconds).ToList();
        Assert.True(results[0] is { Type: "TSMP", IP: "100.64.0.2", NodeIP: "100.64.0.2", LatencySeconds: 0.25, Err: "" });
        Assert.True(results[1] is { Type: "disco", LatencySeconds: 0.5 });
    }

    [Fact]
    public async Task A_node_that_cannot_ping_says_so()
    {
        var (_, stream) = await ConnectAsync();

        await stream.SendAsync("""{"PingRequest":{"URL":"https://unused/result","URLIsNoise":true,"Types":"ICMP","IP":"100.64.0.2"}}""");

        Assert.NotEmpty(ControlJson.Deserialize<PingResponse>((await Server.NextOtherAsync()).Body).Err);
    }
}
