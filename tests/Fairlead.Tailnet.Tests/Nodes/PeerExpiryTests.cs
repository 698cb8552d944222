using System.Net.Sockets;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>The key of a peer is good until its time, which is the server's, whether or not the server says so again.</summary>
public sealed class PeerExpiryTests : NodeTest
{
    private static readonly MapCompression Compression = ZstdCodec.IsAvailable ? MapCompression.Zstd : MapCompression.None;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_a_peer_began_ends_as_its_key_expires_though_the_server_is_silent()
    {
        var (web, laptop) = (await JoinAsync("web"), await JoinAsync("laptop"));
        using var listener = web.ListenTcp(80);
        await using var client = await laptop.DialAsync("web", 80, Stop);
        await using var server = await listener.AcceptAsync(Stop);

        Send(new MapResponse { PeersChangedPatch = [Expiry(web, DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1.5))] });
        await Wait.UntilAsync("it is known", () => web.NetworkMap!.FindNode("laptop")!.KeyExpiry < DateTimeOffset.UtcNow + Limit);
        Tailnet.Coordination.Faults.HoldMaps();

        var ended = await Assert.ThrowsAsync<IOException>(async () => await server.ReadExactlyAsync(new byte[1], Stop).AsTask().WaitAsync(Limit, Stop));
        Assert.Equal(SocketError.HostUnreachable, Assert.IsType<SocketException>(ended.InnerException).SocketErrorCode);
        Assert.True(Assert.Single(web.Status.Peers).Expired);
        Tailnet.Coordination.Faults.ReleaseMaps();

        Send(new MapResponse { PeersChangedPatch = [Expiry(web, DateTimeOffset.UtcNow + TimeSpan.FromHours(1))] });
        await Wait.UntilAsync("it is good again", () => !Assert.Single(web.Status.Peers).Expired);
        await web.PingAsync("laptop", PingKind.Icmp, Limit, Stop);
    }

    [Fact]
    public async Task Keys_expire_by_the_servers_clock_and_one_that_differs_is_told_of()
    {
        var (web, laptop) = (await JoinAsync("web"), await JoinAsync("laptop"));
        using var listener = web.ListenTcp(80);
        await using var client = await laptop.DialAsync("web", 80, Stop);
        await using var server = await listener.AcceptAsync(Stop);

        Send(new MapResponse { ControlTime = DateTimeOffset.UtcNow + TimeSpan.FromHours(2), PeersChangedPatch = [Expiry(web, DateTimeOffset.UtcNow + TimeSpan.FromHours(1))] });

        var ended = await Assert.ThrowsAsync<IOException>(async () => await server.ReadExactlyAsync(new byte[1], Stop).AsTask().WaitAsync(Limit, Stop));
        Assert.Equal(SocketError.HostUnreachable, Assert.IsType<SocketException>(ended.InnerException).SocketErrorCode);
        Assert.Contains(web.Status.Health, line => line.Contains("120 minutes behind", StringComparison.Ordinal));

        Send(new MapResponse { ControlTime = DateTimeOffset.UtcNow, PeersChangedPatch = [Expiry(web, DateTimeOffset.UtcNow + TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1))] });
        await Wait.UntilAsync("the clocks agree", () => web.Status.Health.Count == 0);
        await web.PingAsync("laptop", PingKind.Icmp, Limit, Stop);
    }

    [Fact]
    public async Task A_peer_known_by_another_ID_stays_when_the_old_one_goes()
    {
        var (web, laptop) = (await JoinAsync("web"), await JoinAsync("laptop"));
        await web.PingAsync("laptop", PingKind.Icmp, Limit, Stop);
        var old = web.NetworkMap!.FindNode("laptop")!;

        Send(new MapResponse { PeersChanged = [old with { ID = old.ID + 1000 }] });
        Send(new MapResponse { PeersRemoved = [old.ID] });
        await Wait.UntilAsync("the old one is gone", () => web.NetworkMap!.Peers.All(peer => peer.ID != old.ID));

        await web.PingAsync(laptop.Status.Addresses[0].ToString(), PingKind.Icmp, Limit, Stop);
    }

    [Fact]
    public async Task A_peer_that_knows_the_node_by_another_address_is_left_out_and_told_of()
    {
        var (web, laptop) = (await JoinAsync("web"), await JoinAsync("laptop"));
        var peer = web.NetworkMap!.FindNode("laptop")!;

        Send(new MapResponse { PeersChanged = [peer with { SelfNodeV4MasqAddrForThisPeer = System.Net.IPAddress.Parse("100.99.9.9") }] });

        await Wait.UntilAsync("it is told of", () => web.Status.Health.Any(line => line.Contains("laptop.embedded.ts.net", StringComparison.Ordinal)));
        Assert.Null(Assert.Single(web.Status.Peers).LastHandshake);
        Send(new MapResponse { PeersChanged = [peer with { SelfNodeV4MasqAddrForThisPeer = web.Status.Addresses[0] }] });
        await Wait.UntilAsync("nothing is wrong", () => web.Status.Health.Count == 0);
        await web.PingAsync(laptop.Status.Addresses[0].ToString(), PingKind.Icmp, Limit, Stop);
    }

    private static PeerChange Expiry(TailnetNode node, DateTimeOffset time) => new() { NodeID = node.NetworkMap!.FindNode("laptop")!.ID, KeyExpiry = time };

    private void Send(MapResponse message) =>
        Assert.True(Tailnet.Coordination.Faults.SendGarbage(Device("web").NodeId, MapFrame.Encode(message, Compression)));
}
