using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class ServiceTests : NodeTest
{
    private const string Policy = """
        {
          "tagOwners": {"tag:host": []},
          "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
          "autoApprovers": {"services": {"svc:web": ["tag:host"]}, "routes": {"127.0.0.0/8": ["tag:host"], "192.0.2.0/24": ["tag:host"]}},
        }
        """;

    protected override EmbeddedTailnetOptions TailnetOptions => base.TailnetOptions with { Policy = Policy };

    [Fact]
    public async Task A_service_is_reached_by_its_name_at_its_own_address()
    {
        Tailnet.Services.Put(new TailnetService { Name = "svc:web", Addresses = ["100.64.250.1", "fd7a:115c:a1e0::fa01"], Ports = ["tcp:443"], Tags = [] });
        var host = await JoinAsync(Options("host") with { AuthKey = NewAuthKey("tag:host") });
        var laptop = await JoinAsync("laptop");

        using var listener = await host.ListenServiceAsync("svc:web", 443, Stop);
        await Wait.UntilAsync("the service's name is known", async () => (await laptop.ResolveAsync("web", Stop)).Count > 0);
        var vip = (await laptop.ResolveAsync("web", Stop))[0];
        await Wait.UntilAsync("the host leads to it", () => laptop.NetworkMap!.FindNode("host")!.EffectiveAllowedIPs.Any(prefix => prefix.Contains(vip)));
        await using var client = await laptop.DialAsync("web", 443, Stop);
        await using var server = await listener.AcceptAsync(Stop);

        Assert.Equal(vip, server.LocalEndPoint.Address);
        Assert.DoesNotContain(server.LocalEndPoint.Address, host.Status.Addresses);
        Assert.Equal("laptop.embedded.ts.net.", host.WhoIs(server.RemoteEndPoint, server.LocalEndPoint)?.Node.Name);
        await Assert.ThrowsAsync<IOException>(() => laptop.DialAsync("host", 443, Stop));
    }

    [Fact]
    public async Task Hosts_behind_a_subnet_router_are_reached_by_who_accepts_routes()
    {
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var address = OwnAddress();
        target.Bind(new IPEndPoint(address, 0));
        target.Listen();
        var port = ((IPEndPoint)target.LocalEndPoint!).Port;
        Tailnet.Policy.Text = Policy.Replace("192.0.2.0/24", $"{address}/32", StringComparison.Ordinal);
        var router = await JoinAsync(Options("router") with { AuthKey = NewAuthKey("tag:host"), AdvertiseRoutes = [new IPNetwork(address, 32)] });
        var stranger = await JoinAsync("stranger");
        var laptop = await JoinAsync("laptop", options => options with { AcceptRoutes = true });
        await Wait.UntilAsync("the route is known", () => laptop.NetworkMap!.FindNode("router")!.EffectiveAllowedIPs.Any(prefix => prefix.Contains(address)));

        await using var client = await laptop.DialAsync(address.ToString(), port, Stop);
        using var accepted = await target.AcceptAsync(Stop);
        await client.WriteAsync("through"u8.ToArray(), Stop);
        var buffer = new byte[7];
        await new NetworkStream(accepted).ReadExactlyAsync(buffer, Stop);

        Assert.Equal("through"u8, buffer);
        await Assert.ThrowsAsync<TailnetNodeException>(() => stranger.DialAsync(address.ToString(), port, Stop));
    }

    /// <summary>An address of this machine that is not loopback: packets for that may not cross a network.</summary>
    private static IPAddress OwnAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // Nothing is sent; the system tells the address it would send from.
            socket.Connect(IPEndPoint.Parse("192.0.2.1:9"));
        }
        catch (SocketException e)
        {
            Assert.Skip($"This machine has no address but loopback: {e.Message}");
        }

        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }
}
