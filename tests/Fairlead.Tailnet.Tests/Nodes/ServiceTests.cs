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
    public async Task Who_serves_a_service_without_offering_it_is_led_to_only_while_its_preferences_offer_it()
    {
        Tailnet.Services.Put(new TailnetService { Name = "svc:web", Addresses = ["100.64.250.1", "fd7a:115c:a1e0::fa01"], Ports = ["tcp:443"], Tags = [] });
        var host = await JoinAsync(Options("host") with { AuthKey = NewAuthKey("tag:host") });
        var laptop = await JoinAsync("laptop");
        using var listener = host.ListenService("svc:web", 443);
        await Wait.UntilAsync("it may have the service's certificate", () => host.Status.CertificateDomains.Contains("web.embedded.ts.net"));
        Assert.Empty(Device("host").Node!.AdvertisedServices);

        host.Use(new TailnetNodePreferences { Hostname = "host", AdvertiseServices = ["svc:web"] });
        await Wait.UntilAsync("the host leads to it", () => Leads());
        await using var client = await laptop.DialAsync("100.64.250.1", 443, Stop);
        await using var server = await listener.AcceptAsync(Stop);

        host.Use(new TailnetNodePreferences { Hostname = "host" });
        await Wait.UntilAsync("the host leads to it no more", () => !Leads());

        bool Leads() => laptop.NetworkMap!.FindNode("host")!.EffectiveAllowedIPs.Any(prefix => prefix.Contains(IPAddress.Parse("100.64.250.1")));
    }

    [Fact]
    public async Task Hosts_behind_a_subnet_router_are_reached_by_who_accepts_routes()
    {
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var address = MachineAddress.Find();
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

    [Fact]
    public async Task Who_leaves_the_tailnet_or_loses_the_right_leaves_nothing_open_behind_a_subnet_router()
    {
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var address = MachineAddress.Find();
        target.Bind(new IPEndPoint(address, 0));
        target.Listen();
        datagrams.Bind(target.LocalEndPoint!);
        var behind = (IPEndPoint)target.LocalEndPoint!;
        var policy = Policy.Replace("192.0.2.0/24", $"{address}/32", StringComparison.Ordinal);
        Tailnet.Policy.Text = policy;
        var router = await JoinAsync(Options("router") with { AuthKey = NewAuthKey("tag:host"), AdvertiseRoutes = [new IPNetwork(address, 32)] });
        var leaving = await JoinAsync("leaving", options => options with { AcceptRoutes = true });
        var staying = await JoinAsync("staying", options => options with { AcceptRoutes = true });
        var accepted = new List<Socket>();
        foreach (var node in new[] { leaving, staying })
        {
            await Wait.UntilAsync("the route is known", () => node.NetworkMap!.FindNode("router")!.EffectiveAllowedIPs.Any(prefix => prefix.Contains(address)));
            _ = await node.DialAsync(address.ToString(), behind.Port, Stop);
            accepted.Add(await target.AcceptAsync(Stop));
        }

        using var flow = staying.ListenUdp(new IPEndPoint(staying.Status.Addresses[0], 0), behind);
        flow.Send("there"u8);
        var asked = await datagrams.ReceiveFromAsync(new byte[9], new IPEndPoint(IPAddress.Any, 0), Stop);
        await datagrams.SendToAsync("back"u8.ToArray(), asked.RemoteEndPoint, Stop);
        Assert.Equal(4, (await flow.ReceiveAsync(new byte[9], Stop)).Length);

        Tailnet.Devices.Remove(Device("leaving").NodeId);
        await ExpectResetAsync(accepted[0]);
        Assert.False(accepted[1].Poll(0, SelectMode.SelectRead));

        Tailnet.Policy.Text = policy.Replace("\"ip\": [\"*\"]", "\"ip\": [\"icmp:*\"]", StringComparison.Ordinal);
        await ExpectResetAsync(accepted[1]);

        async Task ExpectResetAsync(Socket socket)
        {
            try
            {
                Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Stop));
            }
            catch (SocketException)
            {
                // Reset: over as well.
            }

            socket.Dispose();
        }
    }
}
