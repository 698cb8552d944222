using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>A subnet router leads to what both sides have said: it has offered it, and the tailnet has approved it.</summary>
public sealed class RouteWithdrawalTests : NodeTest
{
    private static readonly MapCompression Compression = ZstdCodec.IsAvailable ? MapCompression.Zstd : MapCompression.None;

    private readonly IPAddress _address = MachineAddress.Find();

    protected override EmbeddedTailnetOptions TailnetOptions => base.TailnetOptions with
    {
        Policy = $$"""
        {
          "tagOwners": {"tag:router": []},
          "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
          "autoApprovers": {"routes": {"203.0.113.0/24": ["tag:router"], "{{_address}}/32": ["tag:router"]} },
        }
        """,
    };

    [Fact]
    public async Task What_is_no_longer_offered_ends_at_once_though_the_server_says_nothing()
    {
        using var target = Listen();
        var behind = (IPEndPoint)target.LocalEndPoint!;
        var router = await JoinRouterAsync(new IPNetwork(_address, 32), IPNetwork.Parse("203.0.113.0/24"));
        var laptop = await JoinAsync("laptop", options => options with { AcceptRoutes = true });
        await Wait.UntilAsync("the route is known", () => Leads(laptop));
        await using var client = await laptop.DialAsync(_address.ToString(), behind.Port, Stop);
        using var accepted = await target.AcceptAsync(Stop);
        Tailnet.Coordination.Faults.HoldMaps();

        router.Use(new TailnetNodePreferences { Hostname = "router", AdvertiseRoutes = [IPNetwork.Parse("203.0.113.0/24")] });

        var ended = await Assert.ThrowsAsync<IOException>(async () => await client.ReadExactlyAsync(new byte[1], Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Stop));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(ended.InnerException).SocketErrorCode);
        await ExpectRefusalAsync(router, laptop, behind, target);

        router.Use(new TailnetNodePreferences { Hostname = "router", AdvertiseRoutes = [new IPNetwork(_address, 32)] });
        await using var again = await laptop.DialAsync(_address.ToString(), behind.Port, Stop);
        Tailnet.Coordination.Faults.ReleaseMaps();
    }

    [Theory]
    [InlineData("{0}/32")]
    [InlineData("0.0.0.0/0")]
    public async Task What_the_server_approves_unasked_is_not_led_to(string approved)
    {
        using var target = Listen();
        var behind = (IPEndPoint)target.LocalEndPoint!;
        var router = await JoinRouterAsync(IPNetwork.Parse("203.0.113.0/24"));
        var laptop = await JoinAsync("laptop", options => options with { AcceptRoutes = true, ExitNode = "router" });
        await Wait.UntilAsync("the router is known", () => laptop.NetworkMap!.FindNode("router") is not null);
        var prefix = IPPrefix.Parse(string.Format(null, approved, _address));

        Send("router", new MapResponse { Node = With(router.NetworkMap!.Self, prefix) });
        await Wait.UntilAsync("the router has it", () => router.NetworkMap!.Self.EffectiveAllowedIPs.Contains(prefix));
        Send("laptop", new MapResponse { PeersChanged = [With(laptop.NetworkMap!.FindNode("router")!, prefix)] });
        await Wait.UntilAsync("the laptop has it", () => laptop.NetworkMap!.FindNode("router")!.EffectiveAllowedIPs.Contains(prefix));

        await ExpectRefusalAsync(router, laptop, prefix.Bits > 0 ? behind : IPEndPoint.Parse("198.51.100.1:9"), target);
    }

    private static Node With(Node node, IPPrefix prefix) => node with { AllowedIPs = [.. node.EffectiveAllowedIPs, prefix] };

    private static async Task ExpectRefusalAsync(TailnetNode router, TailnetNode laptop, IPEndPoint to, Socket target)
    {
        var before = router.DroppedPackets["acl"];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var dialing = laptop.DialAsync(to.Address.ToString(), to.Port, patience.Token);
        await Wait.UntilAsync("the packet was dropped", () => router.DroppedPackets["acl"] > before || dialing.IsCompleted);
        Assert.False(dialing.IsCompletedSuccessfully);
        Assert.True(router.DroppedPackets["acl"] > before);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => dialing);
        Assert.False(target.Poll(0, SelectMode.SelectRead));
    }

    private Socket Listen()
    {
        var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        target.Bind(new IPEndPoint(_address, 0));
        target.Listen();
        return target;
    }

    private Task<TailnetNode> JoinRouterAsync(params IPNetwork[] routes) =>
        JoinAsync(Options("router") with { AuthKey = NewAuthKey("tag:router"), AdvertiseRoutes = routes });

    private bool Leads(TailnetNode node) => node.NetworkMap!.FindNode("router")!.EffectiveAllowedIPs.Any(prefix => prefix.Contains(_address));

    private void Send(string hostname, MapResponse message) =>
        Assert.True(Tailnet.Coordination.Faults.SendGarbage(Device(hostname).NodeId, MapFrame.Encode(message, Compression)));
}
