using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class ListenerTests : NodeTest
{
    private const string Policy = """
        {
          "tagOwners": {"tag:host": []},
          "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
          "autoApprovers": {"services": {"svc:web": ["tag:host"]}},
        }
        """;

    private static readonly TailnetService Service =
        new() { Name = "svc:web", Addresses = ["100.64.250.1", "fd7a:115c:a1e0::fa01"], Ports = ["tcp:443"], Tags = [] };

    protected override EmbeddedTailnetOptions TailnetOptions => base.TailnetOptions with { Policy = Policy };

    [Fact]
    public async Task A_listener_follows_the_node_to_another_address()
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop");
        using var listener = web.ListenTcp(80);
        await using var served = await new TailnetConnectionListenerFactory(web).BindAsync(new TailnetEndPoint(8080), Stop);
        var before = web.Status.Addresses;

        await MoveAsync(web, laptop);

        Assert.Empty(web.Status.Addresses.Intersect(before));
        Assert.Equal(web.Status.Addresses.Select(address => new IPEndPoint(address, 80)), listener.LocalEndPoints);
        foreach (var address in web.Status.Addresses)
        {
            await using var client = await laptop.DialAsync(address.ToString(), 80, Stop);
            await using var server = await listener.AcceptAsync(Stop);
            Assert.Equal(address, server.LocalEndPoint.Address);
        }

        await using var request = await laptop.DialAsync("web", 8080, Stop);
        Assert.NotNull(await served.AcceptAsync(Stop));
    }

    [Fact]
    public async Task A_services_listener_lives_on_when_the_node_becomes_another_device()
    {
        Tailnet.Services.Put(Service);
        var host = await JoinAsync(Options("host") with { AuthKey = NewAuthKey("tag:host") });
        var laptop = await JoinAsync("laptop");
        using var listener = await host.ListenServiceAsync("svc:web", 443, Stop);

        await MoveAsync(host, laptop);

        await Wait.UntilAsync("the service is hosted again", () => listener.LocalEndPoints.Count == 2);
        var address = listener.LocalEndPoints[0].Address;
        await Wait.UntilAsync("the host leads to it", () => laptop.NetworkMap!.FindNode("host")!.EffectiveAllowedIPs.Any(prefix => prefix.Contains(address)));
        await using var client = await laptop.DialAsync(address.ToString(), 443, Stop);
        await using var server = await listener.AcceptAsync(Stop);
        Assert.Equal(address, server.LocalEndPoint.Address);
    }

    [Fact]
    public async Task Where_one_address_of_a_service_is_taken_the_other_is_given_back()
    {
        Tailnet.Services.Put(Service);
        var host = await JoinAsync(Options("host") with { AuthKey = NewAuthKey("tag:host") });
        var first = IPEndPoint.Parse("100.64.250.1:443");
        using (host.ListenTcp(IPEndPoint.Parse("[fd7a:115c:a1e0::fa01]:443")))
        {
            await Assert.ThrowsAsync<SocketException>(() => host.ListenServiceAsync("svc:web", 443, Stop));
        }

        using var listener = host.ListenTcp(first);
        Assert.Equal([first], listener.LocalEndPoints);
    }

    [Fact]
    public async Task Who_waits_for_a_connection_hears_that_the_node_stops()
    {
        var web = await JoinAsync("web");
        using var listener = web.ListenTcp(0);
        var accepting = listener.AcceptAsync(Stop).AsTask();
        Assert.NotEqual(0, listener.Port);

        await web.DisposeAsync();

        var failure = await Assert.ThrowsAsync<SocketException>(() => accepting);
        Assert.Equal(SocketError.OperationAborted, failure.SocketErrorCode);
    }

    /// <summary>Has the device removed, and its address given to somebody else before the node registers again.</summary>
    private async Task MoveAsync(TailnetNode node, TailnetNode witness)
    {
        var name = node.Status.Name.Split('.')[0];
        var before = node.Status.Addresses[0];
        Assert.True(Tailnet.Devices.Remove(Device(name).NodeId));
        await JoinAsync("successor");
        await Wait.UntilAsync(
            "the node is there again, elsewhere",
            () => node.Status.IsConnected && !node.Status.Addresses[0].Equals(before) && witness.NetworkMap!.FindNode(node.Status.Addresses[0]) is not null);
    }
}
