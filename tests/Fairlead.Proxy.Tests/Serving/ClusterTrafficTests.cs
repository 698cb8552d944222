using System.Net;
using System.Net.Sockets;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class ClusterTrafficTests : ServingTest
{
    /// <summary>An ordinary user does not listen on port 80.</summary>
    private const int LowPortOffset = 21000;

    [Fact]
    public async Task What_the_tailnet_is_served_the_cluster_is_served_at_the_Pods_address()
    {
        await using var app = await BackendApp.StartAsync("app", kestrel => kestrel.Listen(IPAddress.Loopback, 0), Stop);
        Serve($$"""
            { "TCP": { "80": { "HTTP": true } },
              "Web": { "{{Domain}}:80": { "Handlers": { "/": { "Proxy": "{{app.Urls.Single()}}" } } } } }
            """);
        var laptop = await StartAsync(
            ("EXPERIMENTAL_ALLOW_PROXYING_CLUSTER_TRAFFIC_VIA_INGRESS", "true"),
            ("POD_IP", "127.98.4.2"),
            ("POD_IPS", "127.98.4.2"),
            ("FAIRLEAD_LOW_PORT_OFFSET", $"{LowPortOffset}"));

        foreach (var host in (string[])[Domain, "app", "127.98.4.2", $"{Domain}:80"])
        {
            var answer = await AskFromClusterAsync(host);
            Assert.Contains("app GET /", answer, StringComparison.Ordinal);
            Assert.Contains($"X-Forwarded-Host: {host}", answer, StringComparison.Ordinal);
            Assert.Contains("X-Forwarded-For: 127.", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("Tailscale-User", answer, StringComparison.Ordinal);
        }

        Assert.StartsWith("HTTP/1.1 404 ", await AskFromClusterAsync("rebound.example"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", await AskFromClusterAsync($"{laptop.Status.Peers.Single().Addresses[0]}"), StringComparison.Ordinal);
        await using var stream = await laptop.DialAsync("app", 80, Stop);
        Assert.Contains("Tailscale-User-Login: ", await AskAsync(stream, "app"), StringComparison.Ordinal);
    }

    private static async Task<string> AskFromClusterAsync(string host)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse("127.98.4.2"), LowPortOffset + 80, Stop);
        await using var stream = new NetworkStream(socket);
        return await AskAsync(stream, host);
    }
}
