using System.Net;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Paths;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Transport;
using Fairlead.Testing;

namespace Fairlead.Tailnet.Tests.Paths;

/// <summary>Paths between real sockets and through real relays of this process.</summary>
public sealed class PathManagerTests : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _started = [];
    private int _next;

    [Fact]
    public async Task A_session_begins_on_the_relay_and_moves_to_the_direct_path_without_losing_anything()
    {
        var relay = await StartRelayAsync();
        relay.Faults.IgnoreStun = true;
        var options = new PathOptions { Relays = new() { PlainText = true }, LocalAddresses = [] };
        var (alice, bob) = (Start(relay, options), Start(relay, options));
        await Wait.UntilAsync("both are at home", () => relay.IsHomeOf(alice.Key.PublicKey) && relay.IsHomeOf(bob.Key.PublicKey));
        using var forwarder = new UdpForwarder(bob.Udp!.Port);
        TestNode.Introduce(alice, bob, peer => peer.Node == bob.Key.PublicKey ? peer with { Endpoints = [forwarder.Address] } : peer);

        // Else a ping could be answered while the first packet is on its way out, which would rightly take the direct path then.
        forwarder.IsCut = true;
        Assert.True((await SendAsync(alice, bob)).IsDerp);
        forwarder.IsCut = false;
        await AllArriveUntilAsync(alice, bob, () => !alice.StatusOfPeer.CurrentAddress.IsNone);

        Assert.Equal(forwarder.Address, alice.StatusOfPeer.CurrentAddress);
        Assert.NotNull(alice.StatusOfPeer.Latency);
        Assert.True(alice.StatusOfPeer is { IsActive: true, RelayRegion: 900, BytesSentDirect: > 0, BytesSentRelayed: > 0 });
        var relayed = relay.Counters.PacketsRelayed;
        var direct = await SendAsync(alice, bob);
        Assert.False(direct.IsDerp);
        Assert.Equal(relayed, relay.Counters.PacketsRelayed);
    }

    [Fact]
    public async Task A_node_without_UDP_is_reached_through_the_relay()
    {
        var relay = await StartRelayAsync();
        var (alice, bob) = await StartPairAsync(relay, bobHasUdp: false);

        Assert.True((await SendAsync(alice, bob)).IsDerp);
        Assert.True((await SendAsync(bob, alice)).IsDerp);

        Assert.Empty(bob.Paths.Endpoints);
        Assert.Equal(900, (await alice.Paths.PingAsync(bob.Key.PublicKey, Limit())).Via.DerpRegion);
    }

    [Fact]
    public async Task A_direct_path_that_dies_in_mid_session_is_replaced_by_the_relay_and_used_again_when_it_is_back()
    {
        var time = new ManualTime();
        var relay = await StartRelayAsync();
        relay.Faults.IgnoreStun = true;
        var options = new PathOptions { Relays = new() { PlainText = true, Time = time }, LocalAddresses = [] };
        var (alice, bob) = (Start(relay, options), Start(relay, options));
        using var forwarder = new UdpForwarder(bob.Udp!.Port);
        await Wait.UntilAsync("both are at home", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return relay.IsHomeOf(alice.Key.PublicKey) && relay.IsHomeOf(bob.Key.PublicKey);
        });
        TestNode.Introduce(alice, bob, peer => peer.Node == bob.Key.PublicKey ? peer with { Endpoints = [forwarder.Address] } : peer);
        await AllArriveUntilAsync(alice, bob, () => alice.StatusOfPeer.CurrentAddress == forwarder.Address);

        forwarder.IsCut = true;
        await SomeArriveUntilAsync(alice, bob, () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return alice.StatusOfPeer.CurrentAddress.IsNone;
        });
        Assert.True((await SendAsync(alice, bob)).IsDerp);
        await SomeArriveUntilAsync(bob, alice, () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return bob.StatusOfPeer.CurrentAddress.IsNone;
        });

        forwarder.IsCut = false;
        await SomeArriveUntilAsync(alice, bob, () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return alice.StatusOfPeer.CurrentAddress == forwarder.Address;
        });
    }

    [Fact]
    public async Task Own_endpoints_are_those_of_the_interfaces_of_STUN_and_of_the_configuration()
    {
        var relay = await StartRelayAsync();
        relay.Faults.MapAddress = _ => new IPEndPoint(IPAddress.Parse("192.0.2.7"), 4321);
        var configured = UdpAddress.From(IPAddress.Parse("198.51.100.1"), 30001);
        var node = Start(relay, new PathOptions
        {
            Relays = new() { PlainText = true },
            LocalAddresses = [IPAddress.Loopback],
            ExplicitEndpoints = [configured],
        });

        await Wait.UntilAsync("the mapped address is known", () => node.Paths.Endpoints.Count == 3);

        Assert.Equal(
            [
                new LocalEndpoint(configured, EndpointType.Explicit),
                new LocalEndpoint(UdpAddress.From(IPAddress.Parse("192.0.2.7"), 4321), EndpointType.Stun),
                new LocalEndpoint(UdpAddress.From(IPAddress.Loopback, node.Udp!.Port), EndpointType.Local),
            ],
            node.Paths.Endpoints);
        Assert.True(node.EndpointChanges >= 2);
        Assert.True(node.Paths.Network.UdpWorks);
    }

    [Fact]
    public async Task Relays_that_restart_lose_no_session()
    {
        var relay = await StartRelayAsync();
        var (alice, bob) = await StartPairAsync(relay, bobHasUdp: false);
        await SendAsync(alice, bob);

        relay.Restart(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));

        await Wait.UntilAsync("both are back", () => relay.Counters is { Clients: 2, Connections: >= 4 });
        await SomeArriveUntilAsync(alice, bob, () => alice.Paths.GetRelayStatus()[0].IsConnected);
        Assert.True((await SendAsync(bob, alice)).IsDerp);
    }

    [Fact]
    public async Task Peers_with_different_homes_reach_each_other_through_either()
    {
        var near = await StartRelayAsync();
        var far = await StartRelayAsync(901);
        var alice = Start(near);
        var bob = Start(far, hasUdp: false);
        await Wait.UntilAsync("both have a home", () => alice.Paths.HomeRegion == 900 && bob.Paths.HomeRegion == 901);
        alice.Paths.SetRelays(MapOf(near, far));
        bob.Paths.SetRelays(MapOf(near, far));
        await Wait.UntilAsync("both are connected", () => near.Counters.Clients >= 1 && far.Counters.Clients >= 1);
        TestNode.Introduce(alice, bob);

        Assert.Equal(901, (await SendAsync(alice, bob)).DerpRegion);

        // Alice listens at Bob's home while she writes there, so the answer takes the same way.
        Assert.Equal(901, (await SendAsync(bob, alice)).DerpRegion);
    }

    [Fact]
    public async Task A_peer_that_knows_no_disco_is_followed_to_where_its_messages_come_from()
    {
        var (alice, bob) = (Start(), Start());
        TestNode.Introduce(alice, bob, peer => peer with { IsWireGuardOnly = true });

        alice.Send(1);
        await ArrivesAsync(bob, 1);
        bob.Udp!.Rebind();
        Assert.False((await SendAsync(bob, alice)).IsDerp);

        Assert.Equal(bob.Udp!.Port, alice.StatusOfPeer.CurrentAddress.Port);
        Assert.False((await SendAsync(alice, bob)).IsDerp);
    }

    [Fact]
    public async Task A_ping_tells_the_path_and_its_latency()
    {
        var relay = await StartRelayAsync();
        var (alice, bob) = await StartPairAsync(relay);

        var pong = await alice.Paths.PingAsync(bob.Key.PublicKey, Limit());

        Assert.True(pong.Latency > TimeSpan.Zero);
        await Wait.UntilAsync("a later ping goes directly", () => !alice.StatusOfPeer.CurrentAddress.IsNone);
        Assert.False((await alice.Paths.PingAsync(bob.Key.PublicKey, Limit())).Via.IsDerp);
        Assert.Throws<KeyNotFoundException>(() => { _ = alice.Paths.PingAsync(alice.Key.PublicKey, Limit()); });
    }

    [Fact]
    public async Task A_home_whose_relay_dies_is_left_for_another()
    {
        var dying = await StartRelayAsync();
        var other = await StartRelayAsync(901);
        var time = new ManualTime();
        var node = Start([dying], new PathOptions { Relays = new() { PlainText = true, Time = time }, LocalAddresses = [IPAddress.Loopback] });
        await Wait.UntilAsync("home is the only relay", () => dying.IsHomeOf(node.Key.PublicKey));
        node.Paths.SetRelays(MapOf(dying, other));

        dying.Faults.RefuseConnections = true;
        dying.Disconnect(node.Key.PublicKey);

        await Wait.UntilAsync("home is the other", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return other.IsHomeOf(node.Key.PublicKey);
        });
    }

    [Fact]
    public async Task A_home_that_is_lost_for_longer_than_a_restart_is_told_until_it_is_back()
    {
        var relay = await StartRelayAsync();
        var time = new ManualTime();
        var node = Start([relay], new PathOptions { Relays = new() { PlainText = true, Time = time }, LocalAddresses = [IPAddress.Loopback] });
        await Wait.UntilAsync("home is the only relay", () => relay.IsHomeOf(node.Key.PublicKey));

        relay.Faults.RefuseConnections = true;
        relay.Disconnect(node.Key.PublicKey);
        await Wait.UntilAsync("the loss is told", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return node.HomeProblem is not null;
        });
        Assert.Contains("503", node.HomeProblem, StringComparison.Ordinal);

        relay.Faults.RefuseConnections = false;
        await Wait.UntilAsync("it is back", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return node.HomeProblem is null;
        });
        Assert.True(relay.IsHomeOf(node.Key.PublicKey));
    }

    [Fact]
    public async Task A_session_whose_relay_dies_goes_on_through_the_peers_new_home()
    {
        var dying = await StartRelayAsync();
        var other = await StartRelayAsync(901);
        var time = new ManualTime();
        var options = new PathOptions { Relays = new() { PlainText = true, Time = time }, LocalAddresses = [] };
        var (alice, bob) = (Start([dying], options, hasUdp: false), Start([dying], options, hasUdp: false));
        await Wait.UntilAsync("both are at home", () => dying.IsHomeOf(alice.Key.PublicKey) && dying.IsHomeOf(bob.Key.PublicKey));
        TestNode.Introduce(alice, bob);
        Assert.Equal(900, (await SendAsync(alice, bob)).DerpRegion);
        Assert.Equal(900, (await SendAsync(bob, alice)).DerpRegion);
        alice.Paths.SetRelays(MapOf(dying, other));
        bob.Paths.SetRelays(MapOf(dying, other));

        dying.Faults.RefuseConnections = true;
        dying.Disconnect(alice.Key.PublicKey);
        dying.Disconnect(bob.Key.PublicKey);
        await Wait.UntilAsync("both are at the other", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return other.IsHomeOf(alice.Key.PublicKey) && other.IsHomeOf(bob.Key.PublicKey);
        });
        TestNode.Introduce(alice, bob);

        Assert.Equal(901, (await SendAsync(alice, bob)).DerpRegion);
        Assert.Equal(901, (await SendAsync(bob, alice)).DerpRegion);
    }

    [Fact]
    public async Task Whoever_wrote_is_answered_on_the_way_it_came()
    {
        var relay = await StartRelayAsync();
        var (alice, bob) = await StartPairAsync(relay);

        alice.Paths.Reply(PathAddress.Relayed(900, bob.Key.PublicKey), [4, 0, 0, 0, 0, 1]);
        alice.Paths.Reply(PathAddress.Direct(bob.AsPeer.Endpoints[0]), [4, 0, 0, 0, 0, 2]);

        await ArrivesAsync(bob, 1);
        await ArrivesAsync(bob, 2);
        Assert.True(bob.CameBy(1)!.Value.IsDerp);
        Assert.False(bob.CameBy(2)!.Value.IsDerp);
    }

    [Fact]
    public async Task A_removed_peer_is_sent_nothing()
    {
        var relay = await StartRelayAsync();
        var (alice, bob) = await StartPairAsync(relay);
        await SendAsync(alice, bob);
        await Wait.UntilAsync("the path is direct", () => !alice.StatusOfPeer.CurrentAddress.IsNone);

        alice.Paths.SetPeers([]);
        var sent = alice.Udp!.Statistics.SentDatagrams;
        alice.Send(5000);

        Assert.Equal(sent, alice.Udp!.Statistics.SentDatagrams);
        Assert.Null(alice.Paths.Find(bob.Key.PublicKey));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
    }

    private static DerpMap MapOf(params RelayServer[] relays) =>
        new() { Regions = relays.ToDictionary(relay => relay.Region.RegionID, relay => (DerpRegion?)relay.Region) };

    private static CancellationToken Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        return limit.Token;
    }

    private static Task ArrivesAsync(TestNode at, int number) => Wait.UntilAsync($"datagram {number} arrives", () => at.CameBy(number) is not null);

    private async Task<PathAddress> SendAsync(TestNode from, TestNode to)
    {
        var number = ++_next;
        from.Send(number);
        await ArrivesAsync(to, number);
        return to.CameBy(number)!.Value;
    }

    /// <summary>Sends until something is so, and demands that every datagram arrives.</summary>
    private async Task AllArriveUntilAsync(TestNode from, TestNode to, Func<bool> condition)
    {
        var first = _next + 1;
        await SomeArriveUntilAsync(from, to, condition);
        for (var number = first; number <= _next; number++)
            await ArrivesAsync(to, number);
    }

    private async Task SomeArriveUntilAsync(TestNode from, TestNode to, Func<bool> condition)
    {
        await Wait.UntilAsync("the path has changed", () =>
        {
            from.Send(++_next);
            return condition();
        });
        await SendAsync(from, to);
    }

    private async Task<RelayServer> StartRelayAsync(int region = 900)
    {
        var relay = await RelayServer.StartAsync(
            new RelayServerOptions { RegionId = region, Tls = false, Addresses = [IPAddress.Loopback] }, TestContext.Current.CancellationToken);
        _started.Add(relay);
        return relay;
    }

    private async Task<(TestNode Alice, TestNode Bob)> StartPairAsync(RelayServer relay, bool bobHasUdp = true)
    {
        var alice = Start(relay);
        var bob = Start(relay, hasUdp: bobHasUdp);
        await Wait.UntilAsync("both are at home", () => relay.IsHomeOf(alice.Key.PublicKey) && relay.IsHomeOf(bob.Key.PublicKey));
        TestNode.Introduce(alice, bob);
        return (alice, bob);
    }

    private TestNode Start(RelayServer relay, PathOptions? options = null, bool hasUdp = true) => Start([relay], options, hasUdp);

    private TestNode Start() => Start([], null);

    private TestNode Start(RelayServer[] relays, PathOptions? options, bool hasUdp = true)
    {
        var node = new TestNode(MapOf(relays), hasUdp, options);
        _started.Add(node);
        return node;
    }
}
