using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard.Cookies;

namespace Fairlead.Tailnet.Tests.WireGuard;

/// <summary>More handshakes than a node is willing to work on, from those who may and from those who may not.</summary>
public sealed class WireGuardLoadTests
{
    private const byte Initiation = 1;
    private const byte Response = 2;
    private const byte CookieReply = 3;

    private readonly VirtualNetwork _network = new();
    private readonly VirtualNode _a;
    private readonly VirtualNode _b;
    private readonly VirtualNode _stranger;

    public WireGuardLoadTests()
    {
        _a = _network.AddNode();
        _b = _network.AddNode(options => options with { UnprovenHandshakesPerSecond = 10 });
        _stranger = _network.AddNode();
        _a.SetPeer(_b);
        _b.SetPeer(_a);
        _stranger.SetPeer(_b);
    }

    [Fact]
    public void Under_load_a_peer_gets_through_once_it_has_sent_the_cookie_back()
    {
        var flood = InitiationOf(_stranger);
        _network.Fate = datagram =>
        {
            if (datagram.To == _b.Address)
            {
                Flood(flood, 20);
            }

            return [datagram];
        };
        var packet = _a.Send(_b);
        _network.Deliver();
        Assert.Empty(_b.Received);
        Assert.Equal(1, _network.Count(CookieReply, _a));

        _network.Pass(TimeSpan.FromSeconds(6));

        Assert.Equal([packet], _b.Received);
        Assert.Equal(1, _network.Count(Response, _a));
        Assert.Equal(0, _network.Count(Response, _stranger));
    }

    [Fact]
    public void Who_came_through_a_relay_is_asked_through_it()
    {
        var flood = InitiationOf(_stranger);
        var relayed = PathAddress.Relayed(7, _stranger.Key.PublicKey);
        _network.Sent.Clear();

        Flood(flood with { From = relayed }, 20);

        var asked = _network.Sent.Where(datagram => datagram.Bytes[0] == CookieReply).ToList();
        Assert.NotEmpty(asked);
        Assert.All(asked, reply => Assert.Equal(relayed, reply.To));
        Assert.Equal(asked.Count, _network.Sent.Count);
    }

    [Fact]
    public void A_stranger_who_names_a_peer_makes_nothing_be_kept_for_it()
    {
        var forged = InitiationOf(_a);
        forged.Bytes[100] ^= 1;
        new CookieJar(_b.Key.PublicKey.Key, _network.Time).Sign(forged.Bytes);

        _network.Deliver(forged);

        Assert.Equal(1, _b.Device.Statistics.InvalidMessages);
        Assert.Equal(0, _b.Device.ActivePeers);
        _network.Fate = datagram => [datagram];
        var packet = _b.Send(_a);
        _network.Deliver();
        Assert.Equal([packet], _a.Received);
    }

    [Fact]
    public void A_cookie_is_worth_nothing_from_another_address()
    {
        var flood = InitiationOf(_stranger);
        Flood(flood, 20);
        _a.Send(_b);
        _network.Deliver();
        Assert.Equal(1, _network.Count(CookieReply, _a));
        _network.Fate = _ => [];
        _network.Time.Advance(TimeSpan.FromSeconds(5.5));
        var vouched = _network.Sent.Last(datagram => datagram.From == _a.Address);
        Assert.Equal(Initiation, vouched.Bytes[0]);
        Assert.NotEqual(new byte[16], vouched.Bytes[^16..]);
        Flood(flood, 20);

        _network.Deliver(vouched with { From = _a.AddressWithPort(7) });

        Assert.Equal(0, _b.Device.Statistics.Handshakes);
        _network.Deliver(vouched);
        Assert.Equal(1, _b.Device.Statistics.Handshakes);
    }

    [Fact]
    public void Even_one_who_has_a_cookie_is_worked_for_a_few_times_a_second_only()
    {
        var flood = InitiationOf(_stranger);
        Flood(flood, 20);
        _network.Deliver();
        _network.Fate = _ => [];
        _network.Time.Advance(TimeSpan.FromSeconds(5.5));
        var vouched = _network.Sent.Last(datagram => datagram.From == _stranger.Address);
        Flood(flood, 20);
        var before = _b.Device.Statistics;

        Flood(vouched, 1000);

        Assert.Equal(5, _b.Device.Statistics.InvalidMessages - before.InvalidMessages);
        Assert.Equal(995, _b.Device.Statistics.HandshakesRefused - before.HandshakesRefused);
    }

    [Fact]
    public void A_message_that_does_not_know_our_key_is_not_even_asked_for_a_cookie()
    {
        var flood = InitiationOf(_stranger);
        flood.Bytes[120] ^= 1;

        Flood(flood, 1000);

        Assert.Equal(0, _network.Count(CookieReply, _stranger));
        Assert.Equal(1000, _b.Device.Statistics.InvalidMessages);
    }

    [Fact]
    public void Without_a_way_to_answer_strangers_load_is_dropped()
    {
        var node = _network.AddNode(options => options with { UnprovenHandshakesPerSecond = 4, Replies = null });
        _stranger.SetPeer(node);

        Flood(InitiationOf(_stranger, node), 100);

        Assert.Equal(99, node.Device.Statistics.HandshakesRefused);
        Assert.Equal(0, node.Device.Statistics.CookiesAsked);
    }

    [Fact]
    public void When_the_load_is_gone_nobody_is_asked()
    {
        Flood(InitiationOf(_stranger), 1000);
        _network.Time.Advance(TimeSpan.FromSeconds(2));

        var packet = _a.Send(_b);
        _network.Deliver();

        Assert.Equal([packet], _b.Received);
        Assert.Equal(0, _network.Count(CookieReply, _a));
    }

    [Fact]
    public void A_flood_from_many_addresses_takes_little_memory_and_leaves_sessions_alone()
    {
        var flood = InitiationOf(_stranger);
        _a.Send(_b);
        _network.Deliver();
        _network.Fate = datagram => datagram.To == _stranger.Address ? [] : [datagram];
        Flood(flood, 20);
        _network.Deliver();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var index = 0; index < 5000; index++)
        {
            _b.Device.Receive(flood.Bytes, PathAddress.Direct(UdpAddress.FromIPv4((uint)index, 1)));
        }

        // Replies are counted by the virtual network, which keeps them; the device itself keeps nothing per address.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5000 * 1000);
        var packet = _a.Send(_b);
        _network.Fate = datagram => datagram.To == _b.Address ? [datagram] : [];
        _network.Deliver();
        Assert.Equal(packet, _b.Received[^1]);
    }

    private void Flood(VirtualNetwork.Datagram datagram, int count)
    {
        for (var index = 0; index < count; index++)
        {
            _network.Deliver(datagram);
        }
    }

    private VirtualNetwork.Datagram InitiationOf(VirtualNode node, VirtualNode? to = null)
    {
        var fate = _network.Fate;
        node.Send(to ?? _b);
        _network.Fate = _ => [];
        _network.Deliver();
        _network.Fate = fate;
        return _network.Sent[^1];
    }
}
