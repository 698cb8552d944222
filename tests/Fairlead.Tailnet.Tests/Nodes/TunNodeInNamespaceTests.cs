using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Tailnet.Names;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Tests.Relaying;
using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class TunNodeInNamespaceTests : NodeTest
{
    private const string Routes = "/proc/self/net/route";

    [Fact]
    public async Task The_systems_sockets_reach_peers_and_are_reached()
    {
        NetworkNamespace.RequireInside();
        var system = await JoinAsync("system", options => options with { TunDevice = "fltun%d" });
        var peer = await JoinAsync("peer");
        using var peerListener = peer.ListenTcp(80);
        using var client = new TcpClient();

        await client.ConnectAsync(peer.Status.Addresses[0], 80, Stop);
        await using var accepted = await peerListener.AcceptAsync(Stop);
        await SendAsync(client.GetStream(), accepted);
        Assert.Equal("system.embedded.ts.net.", peer.WhoIs(accepted.RemoteEndPoint)?.Node.Name);

        using var listener = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(system.Status.Addresses[1], 0));
        listener.Listen();
        await using var incoming = await peer.DialAsync(system.Status.Addresses[1].ToString(), ((IPEndPoint)listener.LocalEndPoint!).Port, Stop);
        using var served = new NetworkStream(await listener.AcceptAsync(Stop), ownsSocket: true);
        await SendAsync(incoming, served);

        await using var dialled = await system.DialAsync("peer", 80, Stop);
        await using var second = await peerListener.AcceptAsync(Stop);
        await SendAsync(dialled, second);
        Assert.Throws<TailnetNodeException>(() => system.ListenTcp(80));
        await peer.PingAsync("system", PingKind.Icmp, TimeSpan.FromSeconds(10), Stop);
    }

    [Fact]
    public async Task A_start_that_fails_leaves_no_device_behind()
    {
        NetworkNamespace.RequireInside();
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;

        await Assert.ThrowsAsync<TailnetNodeException>(() => JoinAsync("system", options => options with { TunDevice = "flonce", UdpPort = port }));

        Assert.DoesNotContain(NetworkInterface.GetAllNetworkInterfaces(), device => device.Name == "flonce");
    }

    [Fact]
    public async Task Connections_over_the_systems_sockets_are_kept_alive_as_the_options_say()
    {
        NetworkNamespace.RequireInside();
        var peer = await JoinAsync("peer");
        using var peerListener = peer.ListenTcp(80);
        var system = await JoinAsync("system", options => options with { TunDevice = "fltun%d", Connections = TcpConnectionOptions.KeptAlive });

        await using var kept = Assert.IsType<NetworkStream>(await system.DialAsync("peer", 80, Stop), exactMatch: false);

        Assert.Equal((true, 120, 15, 4), SystemKeepAliveTests.Of(kept.Socket));
    }

    [Fact]
    public async Task The_system_finds_MagicDNS_at_its_address()
    {
        NetworkNamespace.RequireInside();
        await JoinAsync("system", options => options with { TunDevice = "fltun%d" });
        var peer = await JoinAsync("peer");
        using var socket = new UdpClient(AddressFamily.InterNetwork);
        socket.Connect(IPAddress.Parse("100.100.100.100"), 53);

        await socket.SendAsync(new DnsMessage { Id = 3, Question = new DnsQuestion("peer.embedded.ts.net", DnsType.A) }.ToBytes(), Stop);
        var answer = await socket.ReceiveAsync(Stop);

        Assert.Equal(peer.Status.Addresses[0], DnsMessage.TryRead(answer.Buffer)?.Answers.Single().Address);
    }

    [Fact]
    public async Task Routes_of_peers_stay_when_only_the_node_itself_changes()
    {
        NetworkNamespace.RequireInside();
        Tailnet.Policy.Text = """
            {
              "tagOwners": {"tag:host": []},
              "autoApprovers": {"routes": {"192.0.2.0/24": ["tag:host"]}},
              "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
            }
            """;
        Tailnet.Services.Put(new TailnetService { Name = "svc:web", Addresses = ["100.64.250.1", "fd7a:115c:a1e0::fa01"], Ports = ["tcp:443"], Tags = [] });
        await JoinAsync(Options("router") with { AuthKey = NewAuthKey("tag:host"), AdvertiseRoutes = [IPNetwork.Parse("192.0.2.0/24")] });
        var system = await JoinAsync(Options("system") with
        {
            AuthKey = NewAuthKey("tag:host"),
            TunDevice = "fltun%d",
            AcceptRoutes = true,
            AdvertiseServices = ["svc:web"],
        });
        await Wait.UntilAsync("the route is set", HasRoute);

        Tailnet.Coordination.ApproveService(Device("system").NodeId, "svc:web");

        await Wait.UntilAsync("the node's own part of the map changed", () => system.NetworkMap!.Self.CapMap.ContainsKey("service-host"));
        Assert.True(HasRoute(), File.ReadAllText(Routes));
    }

    /// <summary>The table has networks as hexadecimal numbers in the order of bytes of this machine.</summary>
    private static bool HasRoute() => File.ReadAllText(Routes).Contains(BitConverter.IsLittleEndian ? "000200C0" : "C0000200", StringComparison.Ordinal);

    private static async Task SendAsync(Stream from, Stream to)
    {
        var file = Transfer.File(1 << 20, 3);
        var received = new byte[file.Length];
        await Task.WhenAll(from.WriteAsync(file, Stop).AsTask(), to.ReadExactlyAsync(received, Stop).AsTask());
        Assert.Equal(file, received);
    }
}
