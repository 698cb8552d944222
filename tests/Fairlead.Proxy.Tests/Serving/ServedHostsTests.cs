using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Serving;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class ServedHostsTests : ServingTest
{
    private const string Plain = """
        { "TCP": { "80": { "HTTP": true } },
          "Web": { "app.embedded.ts.net:80": { "Handlers": { "/": { "Text": "inside" }, "/old": { "Redirect": "301:https://${HOST}${REQUEST_URI}" } } } } }
        """;

    [Fact]
    public async Task A_device_answers_to_its_own_names_and_addresses_and_to_no_other()
    {
        Serve(Plain);
        var laptop = await StartAsync();
        var addresses = laptop.Status.Peers.Single(peer => peer.HostName == "app").Addresses;
        var (four, six) = (addresses.Single(address => address.AddressFamily == AddressFamily.InterNetwork), addresses.Single(address => address.AddressFamily == AddressFamily.InterNetworkV6));
        foreach (var host in (string[])[Domain, $"{Domain}.", "APP.Embedded.ts.net:80", $"{Domain}:8080", "app", "app.", "app:80", $"{four}", $"{four}:80"])
        {
            Assert.Equal((host, 200), (host, await StatusAsync(laptop, four, host)));
        }

        Assert.Equal(200, await StatusAsync(laptop, six, $"[{six}]"));
        Assert.Equal(200, await StatusAsync(laptop, six, $"[{six}]:80"));
        foreach (var host in (string[])["rebound.example", "app.rebound.example", "embedded.ts.net", $"{Domain}..", "127.0.0.1", "100.64.0.99", $"[{six}]", "localhost", ""])
        {
            Assert.Equal((host, 404), (host, await StatusAsync(laptop, four, host)));
            Assert.Equal((host, 404), (host, await StatusAsync(laptop, four, host, "/old")));
        }

        Assert.Equal(301, await StatusAsync(laptop, four, "app", "/old"));
    }

    [Fact]
    public async Task Behind_TLS_too_a_foreign_host_finds_nothing()
    {
        await WriteCertificateAsync();
        Serve($$"""{ "TCP": { "443": { "HTTPS": true } }, "Web": { "{{Domain}}:443": { "Handlers": { "/": { "Text": "inside" } } } } }""");
        var laptop = await StartAsync();

        Assert.Contains("inside", await SecureAskAsync(laptop, Domain), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", await SecureAskAsync(laptop, "rebound.example"), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_of_several_servers_of_a_port_has_its_own_names()
    {
        var (one, other, third) = (new WebServer(), new WebServer(), new WebServer());
        var hosts = ServedHosts.Of(
            new Dictionary<string, WebServer>(StringComparer.Ordinal) { ["web.one.ts.net:80"] = one, ["web.other.ts.net:80"] = other, ["third.ts.net:80"] = third, ["fourth.ts.net:81"] = new() }, 80);

        Assert.Same(one, hosts.Find("web.one.ts.net", null));
        Assert.Same(other, hosts.Find("WEB.other.ts.net.:80", null));
        Assert.Same(third, hosts.Find("third", null));
        Assert.Null(hosts.Find("web", null));
        Assert.Null(hosts.Find("fourth", null));
        Assert.Null(hosts.Find("100.64.0.1", IPAddress.Parse("100.64.0.1")));
    }

    [Fact]
    public void A_host_that_is_known_costs_no_memory()
    {
        var server = new WebServer();
        var hosts = ServedHosts.Of(new Dictionary<string, WebServer>(StringComparer.Ordinal) { [$"{Domain}:80"] = server }, 80);
        Assert.Same(server, hosts.Find($"{Domain}:80", null));
        const string Asked = $"{Domain}:80";

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            hosts.Find(Asked, null);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static async Task<int> StatusAsync(TailnetNode laptop, IPAddress address, string host, string path = "/")
    {
        await using var connection = await laptop.DialAsync(address.ToString(), 80, Stop);
        return int.Parse((await AskAsync(connection, host, path)).AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> SecureAskAsync(TailnetNode laptop, string host)
    {
        await using var connection = await laptop.DialAsync(Domain, 443, Stop);
        await using var secure = await SecureAsync(connection);
        return await AskAsync(secure, host);
    }
}
