using Fairlead.Tailnet.Paths;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Paths;

/// <summary>How paths are chosen, in a simulated network and simulated time.</summary>
public sealed class PathChoiceTests : IDisposable
{
    private readonly SimulatedNetwork _network = new();
    private readonly SimulatedHost _alice;
    private readonly SimulatedHost _bob;
    private int _next;

    public PathChoiceTests()
    {
        _alice = _network.Add("192.0.2.1:1000");
        _bob = _network.Add("192.0.2.2:2000");
        _alice.TellEndpoints();
        _bob.TellEndpoints();
    }

    [Fact]
    public void The_first_packet_goes_by_relay_at_once_and_the_direct_path_follows_within_some_round_trips()
    {
        SimulatedHost.Introduce(_alice, _bob);

        _alice.Send(-1);
        Pass(41);
        Assert.True(_bob.Got(-1));
        Pass(200);

        Assert.Equal(_bob.Addresses[0], _alice.Engine.GetStatus(_bob.Node)!.CurrentAddress);
        var relayed = _alice.DataSentThroughRelay;
        Assert.True(Assert.Single(Deliver(_alice, _bob)) is { IsDerp: false });
        Assert.Equal(relayed, _alice.DataSentThroughRelay);
        Assert.Equal(TimeSpan.FromMilliseconds(20), _alice.Engine.GetStatus(_bob.Node)!.Latency);
    }

    [Fact]
    public void Where_UDP_is_blocked_the_relay_carries_everything_and_probes_stay_few()
    {
        _network.Carries = (_, _) => false;
        SimulatedHost.Introduce(_alice, _bob, peer => peer with { Endpoints = [peer.Node == _bob.Node ? _bob.Addresses[0] : _alice.Addresses[0]] });

        for (var i = 0; i < 600; i++)
            Assert.True(Assert.Single(Deliver(_alice, _bob, 500)) is { IsDerp: true });

        Assert.Equal(0, _alice.DataSentDirectly);

        // Five minutes: a discovery every 5 s for half a minute, then every 15 s, and what Bob's calls add.
        Assert.InRange(_alice.DiscoSentDirectly, 20, 80);
    }

    [Fact]
    public void A_path_that_carries_small_datagrams_only_is_not_used_before_it_carries_large_ones()
    {
        _network.Mtu = SimulatedNetwork.LargestDatagram - 1;
        SimulatedHost.Introduce(_alice, _bob);

        for (var i = 0; i < 60; i++)
            Assert.True(Assert.Single(Deliver(_alice, _bob, 500)) is { IsDerp: true });

        Assert.True(_alice.DiscoSentDirectly > 0);
        Assert.Equal(0, _alice.DataSentDirectly);
        _network.Mtu++;
        for (var i = 0; i < 30; i++)
            Deliver(_alice, _bob, 500);
        Assert.True(Assert.Single(Deliver(_alice, _bob)) is { IsDerp: false });
    }

    [Fact]
    public void A_path_that_ceases_to_carry_large_datagrams_gets_the_relays_help()
    {
        Connect();
        _network.Mtu = SimulatedNetwork.LargestDatagram - 1;

        // A heartbeat and some patience.
        PassSending(5000);

        Assert.Contains(Deliver(_alice, _bob, 500), way => way.IsDerp);
        Assert.True(_alice.Engine.GetStatus(_bob.Node)!.CurrentAddress.IsNone);
    }

    [Fact]
    public void A_direct_path_that_dies_silently_black_holes_for_a_heartbeat_and_some_patience_at_most()
    {
        Connect();
        _network.Carries = (_, _) => false;
        var lost = 0;

        for (var i = 0; i < 100; i++)
            lost += Deliver(_alice, _bob, 100).Count == 0 ? 1 : 0;

        // Heartbeat 3 s, patience 1 s, at ten packets a second.
        Assert.InRange(lost, 1, 41);
        Assert.True(_alice.Engine.GetStatus(_bob.Node)!.CurrentAddress.IsNone);
    }

    [Fact]
    public void While_in_doubt_packets_go_both_ways()
    {
        Connect();
        var isUp = false;
        _network.Carries = (_, _) => isUp;
        PassSending(4500);
        Assert.Contains(Deliver(_alice, _bob), way => way.IsDerp);
        isUp = true;

        var ways = Deliver(_alice, _bob, 60);

        Assert.Equal(2, ways.Count);
        PassSending(6000);
        Assert.True(Assert.Single(Deliver(_alice, _bob)) is { IsDerp: false });
    }

    [Fact]
    public void Lost_pings_alone_never_cost_a_packet()
    {
        Connect();
        var random = new Random(3);
        _network.Carries = (_, _) => random.NextDouble() > 0.2;
        var lost = 0;

        for (var i = 0; i < 600; i++)
            lost += Deliver(_alice, _bob, 100).Count == 0 ? 1 : 0;

        Assert.InRange(lost, 60, 180);
        _network.Carries = (_, _) => true;
        PassSending(16_000);
        Assert.True(Assert.Single(Deliver(_alice, _bob)) is { IsDerp: false });
    }

    [Fact]
    public void A_path_that_works_one_way_only_is_not_trusted()
    {
        _network.Carries = (from, _) => from == _alice.Addresses[0];
        SimulatedHost.Introduce(_alice, _bob);

        for (var i = 0; i < 100; i++)
        {
            Assert.Contains(Deliver(_alice, _bob, 200), way => way.IsDerp);
            Assert.Contains(Deliver(_bob, _alice, 200), way => way.IsDerp);
        }
    }

    [Fact]
    public void Two_firewalls_that_let_in_only_answers_are_opened_by_calls()
    {
        foreach (var host in new[] { _alice, _bob })
            host.Admits = from => host.SentTo.Contains((from.Address, from.Port));
        SimulatedHost.Introduce(_alice, _bob);

        _alice.Send(-1);
        Pass(6000);

        Assert.False(_alice.Engine.GetStatus(_bob.Node)!.CurrentAddress.IsNone);
        Assert.True(Assert.Single(Deliver(_alice, _bob)) is { IsDerp: false });
        Assert.True(Assert.Single(Deliver(_bob, _alice)) is { IsDerp: false });
    }

    [Fact]
    public void The_nearer_of_two_addresses_is_used_and_jitter_moves_nothing()
    {
        var near = SimulatedNetwork.Address("198.51.100.2:2001");
        _network.Attach(_bob, near);
        _bob.Addresses.Add(near);
        _bob.TellEndpoints();
        var random = new Random(5);
        _network.Latency = (from, to) => TimeSpan.FromMilliseconds((from == near || to == near ? 8 : 20) + random.NextDouble());
        Connect();
        PassSending(61_000);
        Assert.Equal(near, _alice.Engine.GetStatus(_bob.Node)!.CurrentAddress);

        _network.Latency = (_, _) => TimeSpan.FromMilliseconds(10 + (0.8 * random.NextDouble()));
        for (var i = 0; i < 5; i++)
        {
            PassSending(61_000);
            Assert.Equal(near, _alice.Engine.GetStatus(_bob.Node)!.CurrentAddress);
        }
    }

    [Fact]
    public void A_peer_that_moves_is_followed()
    {
        Connect();
        var old = _bob.Addresses[0];
        var moved = SimulatedNetwork.Address("203.0.113.9:2009");
        _network.Detach(old);
        _network.Attach(_bob, moved);
        _bob.Addresses[0] = moved;
        _bob.TellEndpoints();
        _bob.Engine.NetworkChanged();

        _bob.Send(5000);
        PassSending(500);

        Assert.Equal(moved, _alice.Engine.GetStatus(_bob.Node)!.CurrentAddress);
    }

    [Fact]
    public void After_our_own_network_changed_everything_goes_both_ways_until_proven()
    {
        Connect();
        _alice.Engine.NetworkChanged();

        Assert.Equal(2, Deliver(_alice, _bob, 60).Count);
        Pass(100);
        Assert.Single(Deliver(_alice, _bob));
    }

    [Fact]
    public void An_idle_session_is_not_pinged_and_after_some_minutes_no_timer_runs()
    {
        Connect();
        Pass(46_000);
        var pings = _alice.DiscoSentDirectly + _bob.DiscoSentDirectly;

        Pass(240_000);
        Assert.Equal(pings, _alice.DiscoSentDirectly + _bob.DiscoSentDirectly);
        Assert.False(_alice.Engine.GetStatus(_bob.Node)!.IsActive);
        Pass(120_000);
        Assert.Equal(0, _network.Time.ArmedTimers);

        Assert.Contains(Deliver(_alice, _bob), way => way.IsDerp);
        Pass(200);
        Assert.True(Assert.Single(Deliver(_alice, _bob)) is { IsDerp: false });
    }

    [Fact]
    public void A_session_that_begins_again_goes_both_ways_until_the_old_path_has_proven_itself()
    {
        Connect();
        Pass(60_000);
        _network.Carries = (_, _) => false;

        Assert.True(Assert.Single(Deliver(_alice, _bob)) is { IsDerp: true });
    }

    [Fact]
    public void A_peer_that_restarts_with_a_new_disco_key_is_found_anew()
    {
        Connect();
        _bob.Restart();
        _bob.TellEndpoints();
        SimulatedHost.Introduce(_alice, _bob);

        Assert.Contains(Deliver(_alice, _bob), way => way.IsDerp);
        PassSending(300);
        Assert.True(Assert.Single(Deliver(_alice, _bob)) is { IsDerp: false });
    }

    [Fact]
    public void Addresses_that_a_peer_is_found_to_have_are_tried_at_once_while_somebody_waits()
    {
        _network.RelayWorks = false;
        SimulatedHost.Introduce(_alice, _bob);
        _alice.Send(-1);
        Pass(5500);

        _alice.Meet(_bob.AsPeer with { Endpoints = [_bob.Addresses[0]] });

        // A short ping, and one that shows that full datagrams pass.
        Pass(41);

        Assert.Equal(_bob.Addresses[0], _alice.Engine.GetStatus(_bob.Node)!.CurrentAddress);
    }

    [Theory]
    [InlineData(100, 300)]
    [InlineData(600, 800)]
    [InlineData(1500, 2000)]
    public void A_peer_that_learns_of_us_a_little_later_is_found_a_little_later(int learns, int found)
    {
        _network.RelayWorks = false;
        _alice.Meet(_bob.AsPeer with { Endpoints = [_bob.Addresses[0]] });
        _alice.Send(-1);
        Pass(learns);
        _bob.Meet(_alice.AsPeer);

        Pass(found - learns);

        Assert.Equal(_bob.Addresses[0], _alice.Engine.GetStatus(_bob.Node)!.CurrentAddress);
    }

    [Fact]
    public void That_a_relay_reaches_the_peer_again_is_noticed_soon_even_where_nothing_else_does()
    {
        _network.Carries = (_, _) => false;
        _network.RelayWorks = false;
        SimulatedHost.Introduce(_alice, _bob);
        _alice.Send(-1);
        Pass(1000);
        Assert.Equal(0, _alice.Proofs);

        _network.RelayWorks = true;
        Pass(1000);

        Assert.NotEqual(0, _alice.Proofs);
        Assert.NotEqual(0, _bob.Proofs);
        Assert.NotEqual(0, _bob.Calls);
    }

    [Fact]
    public void Where_a_peers_former_process_wrote_counts_no_more_once_it_has_begun_anew()
    {
        _network.Carries = (_, _) => false;
        SimulatedHost.Introduce(_alice, _bob, peer => peer.Node == _alice.Node ? peer with { HomeRegion = 0 } : peer);
        _bob.Send(-1);
        Deliver(_alice, _bob);
        Assert.Equal(SimulatedNetwork.Region, _bob.Engine.GetStatus(_alice.Node)!.RelayRegion);

        _alice.Restart();
        _bob.Meet(_alice.AsPeer with { HomeRegion = 0 });

        Assert.Equal(0, _bob.Engine.GetStatus(_alice.Node)!.RelayRegion);
    }

    [Fact]
    public async Task A_ping_that_is_asked_for_is_repeated_until_it_is_answered()
    {
        Connect();
        _network.Carries = (_, _) => false;
        _network.RelayWorks = false;
        var pong = _alice.Engine.PingAsync(_bob.Node, TestContext.Current.CancellationToken);
        Pass(2000);
        Assert.False(pong.IsCompleted);
        _network.RelayWorks = true;

        await Wait.UntilAsync("it is answered", () =>
        {
            Pass(100);
            return pong.IsCompleted;
        });

        Assert.True((await pong).Via.IsDerp);
        Assert.Equal(TimeSpan.FromMilliseconds(80), (await pong).Latency);
    }

    [Fact]
    public void Without_any_relay_packets_are_tried_on_the_addresses_there_are()
    {
        _network.RelayWorks = false;
        SimulatedHost.Introduce(_alice, _bob, peer => peer with
        {
            HomeRegion = 0,
            Endpoints = [SimulatedNetwork.Address("203.0.113.1:1"), peer.Node == _bob.Node ? _bob.Addresses[0] : _alice.Addresses[0]],
        });

        Assert.Single(Deliver(_alice, _bob));
        Pass(100);
        var sent = _alice.DataSentDirectly;
        Assert.Single(Deliver(_alice, _bob));
        Assert.Equal(sent + 1, _alice.DataSentDirectly);
    }

    [Fact]
    public void A_plain_WireGuard_peer_is_followed_to_where_it_is_heard_and_searched_when_it_falls_silent()
    {
        var elsewhere = SimulatedNetwork.Address("203.0.113.5:2005");
        SimulatedHost.Introduce(_alice, _bob, peer => peer with
        {
            IsWireGuardOnly = true,
            Endpoints = peer.Node == _bob.Node ? [_bob.Addresses[0], elsewhere] : [_alice.Addresses[0]],
        });
        Deliver(_alice, _bob);
        Deliver(_bob, _alice);
        var sent = _alice.DataSentDirectly;
        Deliver(_alice, _bob);
        Assert.Equal(sent + 1, _alice.DataSentDirectly);

        _network.Detach(_bob.Addresses[0]);
        _network.Attach(_bob, elsewhere);
        Pass(16_000);

        Assert.Single(Deliver(_alice, _bob));
        Assert.Equal(0, _alice.DiscoSentDirectly);
    }

    [Fact]
    public void A_relay_through_which_the_peer_wrote_is_used_until_it_is_gone_from_there()
    {
        _network.Carries = (_, _) => false;
        SimulatedHost.Introduce(_alice, _bob, peer => peer.Node == _alice.Node ? peer with { HomeRegion = 0 } : peer);
        _bob.Send(-1);
        Pass(100);
        Assert.False(_alice.Got(-1));

        Deliver(_alice, _bob);
        Assert.Equal(SimulatedNetwork.Region, _bob.Engine.GetStatus(_alice.Node)!.RelayRegion);
        Assert.Single(Deliver(_bob, _alice));
        _bob.Engine.PeerGone(SimulatedNetwork.Region, _alice.Node);

        Assert.Equal(0, _bob.Engine.GetStatus(_alice.Node)!.RelayRegion);
    }

    [Theory]
    [InlineData(SimulatedNetwork.Region, 0)]
    [InlineData(SimulatedNetwork.Region + 1, SimulatedNetwork.Region)]
    public void What_a_peer_wrote_through_a_relay_counts_no_more_once_that_relay_is_lost(int lost, int used)
    {
        _network.Carries = (_, _) => false;
        SimulatedHost.Introduce(_alice, _bob, peer => peer.Node == _alice.Node ? peer with { HomeRegion = 0 } : peer);
        _bob.Send(-1);
        Deliver(_alice, _bob);

        _bob.Engine.RelayLost(lost);

        Assert.Equal(used, _bob.Engine.GetStatus(_alice.Node)!.RelayRegion);
    }

    [Fact]
    public void A_peers_new_home_counts_for_more_than_where_it_wrote_before()
    {
        _network.Carries = (_, _) => false;
        SimulatedHost.Introduce(_alice, _bob);
        _bob.Send(-1);
        Deliver(_alice, _bob);

        _bob.Meet(_alice.AsPeer with { HomeRegion = 0 });

        Assert.Equal(0, _bob.Engine.GetStatus(_alice.Node)!.RelayRegion);
    }

    [Fact]
    public void Sending_in_a_session_allocates_nothing()
    {
        var network = new SimulatedNetwork();
        using var host = network.Add("192.0.2.1:1000");
        var sender = new CountingSender();
        using var disco = Fairlead.Tailnet.Protocol.Cryptography.DiscoPrivateKey.Generate();
        using var engine = new PathEngine(disco, host.Node, sender, sender, host, network.Time, SimulatedNetwork.LargestDatagram);
        var path = engine.Set(_bob.AsPeer);
        var datagram = new byte[1400];
        for (var i = 0; i < 100; i++)
            path.Send(datagram, 1400);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            path.Send(datagram, 1400);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sender.Sent >= 1100);
    }

    [Fact]
    public void A_peer_that_nobody_talks_to_costs_little()
    {
        const int Peers = 10_000;
        var peers = new PathPeer[Peers];
        var key = new byte[32];
        for (var i = 0; i < Peers; i++)
        {
            Random.Shared.NextBytes(key);
            peers[i] = _bob.AsPeer with { Node = new(new(key)), Disco = new(new(key)) };
        }

        var before = GC.GetTotalMemory(true);
        foreach (var peer in peers)
            _alice.Engine.Set(peer);

        Assert.InRange((GC.GetTotalMemory(true) - before) / Peers, 50, 250);
        GC.KeepAlive(peers);
    }

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    /// <summary>Brings both into a session with a direct path.</summary>
    private void Connect()
    {
        SimulatedHost.Introduce(_alice, _bob);
        Deliver(_alice, _bob);
        Deliver(_bob, _alice);
        Pass(200);
        Assert.True(Assert.Single(Deliver(_alice, _bob)) is { IsDerp: false });
    }

    private void Pass(int milliseconds) => _network.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private void PassSending(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i += 100)
            Deliver(_alice, _bob, 100);
    }

    /// <returns>The ways by which the datagram came within the time; several if it came twice, none if it was lost.</returns>
    private List<PathAddress> Deliver(SimulatedHost from, SimulatedHost to, int milliseconds = 50)
    {
        var number = ++_next;
        from.Send(number);
        Pass(milliseconds);
        return to.Data.GetValueOrDefault(number, []);
    }
}
