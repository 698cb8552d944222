using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Transport;
using Fairlead.Testing;

namespace Fairlead.Tailnet.Tests.Derp;

public sealed class DerpClientTests : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _started = [];
    private readonly NodePrivateKey _aliceKey = NodePrivateKey.Generate();
    private readonly NodePrivateKey _bobKey = NodePrivateKey.Generate();
    private readonly RecordingObserver _toAlice = new();
    private readonly RecordingObserver _toBob = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Packets_go_through_the_relay_both_ways(bool tls)
    {
        var relay = await StartRelayAsync(new RelayServerOptions { Tls = tls });
        var alice = Connect(_aliceKey, _toAlice, relay);
        var bob = Connect(_bobKey, _toBob, relay);
        await ConnectedAsync(relay, 2);

        alice.Send(PathAddress.Relayed(900, _bobKey.PublicKey), new byte[] { 1, 2, 3, 4, 5 }, 2);

        foreach (var expected in (byte[][])[[1, 2], [3, 4], [5]])
        {
            var (from, packet) = await _toBob.NextPacketAsync();
            Assert.Equal(PathAddress.Relayed(900, _aliceKey.PublicKey), from);
            Assert.Equal(expected, packet);
        }

        bob.Send(PathAddress.Relayed(900, _aliceKey.PublicKey), new byte[] { 9 }, 1);
        Assert.Equal([9], (await _toAlice.NextPacketAsync()).Packet);
        await Wait.UntilAsync("both have their home at the relay", () => relay.IsHomeOf(_aliceKey.PublicKey) && relay.IsHomeOf(_bobKey.PublicKey));
        Assert.True(_toBob.Batches > 0);
    }

    [Fact]
    public async Task A_relay_that_does_not_hold_the_pinned_certificate_is_refused()
    {
        var relay = await StartRelayAsync(new RelayServerOptions());
        var node = relay.Region.Nodes[0] with { CertName = "sha256-raw:" + new string('a', 64) };
        var client = Start(_aliceKey, _toAlice, new DerpClientOptions());

        client.SetMap(MapOf(relay.Region with { Nodes = [node] }));
        client.SetHome(900);

        await Wait.UntilAsync("the refusal is in the status", () => client.GetStatus()[0].Problem.Length > 0);
        Assert.False(client.IsConnected(900));
        Assert.Contains("900", client.GetStatus()[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_relay_of_a_peer_is_connected_on_demand_and_left_when_idle()
    {
        var time = new ManualTime();
        var home = await StartRelayAsync(new RelayServerOptions());
        var other = await StartRelayAsync(new RelayServerOptions { RegionId = 901 });
        var alice = Start(_aliceKey, _toAlice, new DerpClientOptions { Time = time });
        alice.SetMap(MapOf(home.Region, other.Region));
        alice.SetHome(900);
        Connect(_bobKey, _toBob, other, 901);
        await ConnectedAsync(home, 1);
        await ConnectedAsync(other, 1);

        alice.Send(PathAddress.Relayed(901, _bobKey.PublicKey), new byte[] { 7 }, 1);

        Assert.Equal(PathAddress.Relayed(901, _aliceKey.PublicKey), (await _toBob.NextPacketAsync()).From);
        Assert.False(other.IsHomeOf(_aliceKey.PublicKey));
        await Wait.UntilAsync("the connection is known", () => alice.IsConnected(901));
        await Wait.UntilAsync("the connection is left", () =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return other.Counters.Clients == 1 && !alice.IsConnected(901);
        });
        Assert.Equal("", alice.GetStatus().Single(region => region.Region == 901).Problem);
    }

    [Fact]
    public async Task A_lost_connection_to_home_is_made_again()
    {
        var relay = await StartRelayAsync();
        var alice = Connect(_aliceKey, _toAlice, relay);
        await ConnectedAsync(relay, 1);

        relay.Disconnect(_aliceKey.PublicKey);
        await Wait.UntilAsync("there is a second connection", () => relay.Counters is { Connections: 2, Clients: 1 });
        relay.Restart(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1));
        await Wait.UntilAsync("there is a third connection", () => relay.Counters is { Connections: 3, Clients: 1 });

        await Wait.UntilAsync("it is home again", () => relay.IsHomeOf(_aliceKey.PublicKey) && alice.IsConnected(900));
        Assert.Equal("", alice.GetStatus()[0].Problem);
    }

    [Fact]
    public async Task A_relay_that_falls_silent_is_given_up()
    {
        var time = new ManualTime();
        var relay = await StartRelayAsync(new RelayServerOptions { Time = new ManualTime() });
        var alice = Start(_aliceKey, _toAlice, new DerpClientOptions { Time = time });
        alice.SetMap(MapOf(relay.Region));
        alice.SetHome(900);
        await Wait.UntilAsync("it is connected", () => alice.IsConnected(900));

        time.Advance(DerpProtocol.SilenceLimit);

        await Wait.UntilAsync("it has connected again", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return relay.Counters.Connections == 2;
        });
    }

    [Fact]
    public async Task Who_writes_to_a_node_that_is_not_there_is_told()
    {
        var relay = await StartRelayAsync();
        var alice = Connect(_aliceKey, _toAlice, relay);
        await ConnectedAsync(relay, 1);

        alice.Send(PathAddress.Relayed(900, _bobKey.PublicKey), new byte[] { 1 }, 1);

        Assert.Equal((900, _bobKey.PublicKey, DerpPeerGoneReason.NotHere), await _toAlice.NextGoneAsync());
    }

    [Fact]
    public async Task Who_was_written_to_is_told_when_the_writer_leaves()
    {
        var relay = await StartRelayAsync();
        var alice = Connect(_aliceKey, _toAlice, relay);
        Connect(_bobKey, _toBob, relay);
        await ConnectedAsync(relay, 2);
        alice.Send(PathAddress.Relayed(900, _bobKey.PublicKey), new byte[] { 1 }, 1);
        await _toBob.NextPacketAsync();

        await alice.DisposeAsync();

        Assert.Equal((900, _aliceKey.PublicKey, DerpPeerGoneReason.Disconnected), await _toBob.NextGoneAsync());
    }

    [Fact]
    public async Task What_the_relay_complains_about_is_in_the_status()
    {
        var relay = await StartRelayAsync();
        var alice = Connect(_aliceKey, _toAlice, relay);
        await ConnectedAsync(relay, 1);
        await Wait.UntilAsync("it is connected", () => alice.IsConnected(900));

        relay.ReportHealth("two nodes use one key");
        await Wait.UntilAsync("the complaint is known", () => alice.GetStatus()[0].Problem == "two nodes use one key");
        relay.ReportHealth("");
        await Wait.UntilAsync("the complaint is gone", () => alice.GetStatus()[0].Problem.Length == 0);
    }

    [Fact]
    public async Task A_map_without_the_region_ends_the_connection_and_one_with_it_brings_it_back()
    {
        var relay = await StartRelayAsync();
        var alice = Connect(_aliceKey, _toAlice, relay);
        await ConnectedAsync(relay, 1);

        alice.SetMap(new DerpMap());
        await Wait.UntilAsync("the client has left", () => relay.Counters.Clients == 0);
        Assert.False(alice.Knows(900));
        alice.SetMap(MapOf(relay.Region));

        await ConnectedAsync(relay, 1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        _aliceKey.Dispose();
        _bobKey.Dispose();
    }

    private static DerpMap MapOf(params DerpRegion[] regions) => new() { Regions = regions.ToDictionary(region => region.RegionID, region => (DerpRegion?)region) };

    private static Task ConnectedAsync(RelayServer relay, int clients) =>
        Wait.UntilAsync($"{clients} clients are connected", () => relay.Counters.Clients == clients);

    private async Task<RelayServer> StartRelayAsync(RelayServerOptions? options = null)
    {
        var relay = await RelayServer.StartAsync(options ?? new RelayServerOptions { Tls = false }, TestContext.Current.CancellationToken);
        _started.Add(relay);
        return relay;
    }

    private DerpClient Connect(NodePrivateKey key, IDerpObserver observer, RelayServer relay, int home = 900)
    {
        var client = Start(key, observer, new DerpClientOptions { PlainText = relay.CertificatePin is null });
        client.SetMap(MapOf(relay.Region));
        client.SetHome(home);
        return client;
    }

    private DerpClient Start(NodePrivateKey key, IDerpObserver observer, DerpClientOptions options)
    {
        var client = new DerpClient(key, observer, options);
        _started.Add(client);
        return client;
    }
}
