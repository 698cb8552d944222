using System.Text;
using Fairlead.Tailnet.Fuzzing;
using Fairlead.TailnetNodes.Proxying;

namespace Fairlead.EndToEnd.Tests.Tailnet;

public sealed class ProxyRequestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_sent_on_without_the_fields_of_one_hop()
    {
        const string Sent = "POST http://web:8080/a?b=c HTTP/1.0\r\nHost: other\r\nConnection: X-Hop, close, content-length\r\nX-Hop: 1\r\nTE: trailers\r\nUpgrade: h2c\r\n"
            + "Proxy-Authorization: Basic eA==\r\nKeep-Alive: 5\r\nContent-Length: 4\r\nX-Kept: 2\r\n\r\nbody";

        var (request, told) = await ReadAsync(Encoding.ASCII.GetBytes(Sent), blockSize: int.MaxValue);

        Assert.Equal(("web", 8080, false), (request!.Host, request.Port, request.IsTunnel));
        Assert.Equal("POST /a?b=c HTTP/1.0\r\nHost: web:8080\r\nContent-Length: 4\r\nX-Kept: 2\r\nConnection: close\r\n\r\nbody", Encoding.ASCII.GetString(request.Said.Span));
        Assert.Empty(told);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task A_tunnel_loses_nothing_that_came_with_its_head(int blockSize)
    {
        var (request, _) = await ReadAsync("CONNECT [fd7a::1]:443 HTTP/1.1\r\nHost: x\r\n\r\nearly"u8.ToArray(), blockSize);
        using var client = new MemoryStream();
        using var target = new MemoryStream();

        await request!.AcceptAsync(client, target, Stop);

        // Bytes read beyond the head go to the target first; the others are still in the stream.
        Assert.Equal(("fd7a::1", 443, true), (request.Host, request.Port, request.IsTunnel));
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.ASCII.GetString(client.ToArray()), StringComparison.Ordinal);
        Assert.StartsWith(Encoding.ASCII.GetString(target.ToArray()), "early", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET http://web/ HTTP/2\r\n\r\n", "400")]
    [InlineData("GET http://web/ HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "400")]
    [InlineData("GET http://web/ HTTP/1.1\r\nA : b\r\n\r\n", "400")]
    [InlineData("CONNECT web HTTP/1.1\r\n\r\n", "400")]
    public async Task What_is_no_request_to_a_proxy_is_refused(string head, string status)
    {
        var (request, told) = await ReadAsync(Encoding.ASCII.GetBytes(head), 1000);

        Assert.Null(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_head_is_refused()
    {
        var (_, told) = await ReadAsync(Encoding.ASCII.GetBytes("GET http://web/ HTTP/1.1\r\nA: " + new string('a', 100_000)), 1000);

        Assert.StartsWith("HTTP/1.1 431 ", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http-proxy-request")]
    [InlineData("socks5-request")]
    public void Damaged_requests_do_no_harm(string name)
    {
        var iterations = long.Parse(Environment.GetEnvironmentVariable("FAIRLEAD_FUZZ_ITERATIONS") ?? "2000", System.Globalization.CultureInfo.InvariantCulture);

        var report = FuzzRunner.Run(new ProxyRequestTarget(name), new FuzzOptions { Iterations = iterations });

        Assert.Empty(report.Failures);
        Assert.Equal(iterations, report.Iterations);
    }

    private static async Task<(HttpProxyRequest? Request, string Told)> ReadAsync(byte[] sent, int blockSize)
    {
        using var client = new ScriptedClient(sent, blockSize);
        try
        {
            var first = new byte[1];
            await client.ReadExactlyAsync(first, Stop);
            return (await HttpProxyRequest.ReadAsync(client, first[0], Stop), client.Told);
        }
        catch (ProxyRefusedException)
        {
            return (null, client.Told);
        }
    }
}
