using System.Net;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Tests.Filtering;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Tests.WireGuard;

public sealed class WireGuardDeviceTests
{
    private const byte Initiation = 1;
    private const byte Response = 2;
    private const byte Data = 4;

    private readonly VirtualNetwork _network = new();

    [Fact]
    public void A_packet_waits_for_the_handshake_and_arrives()
    {
        var (a, b) = _network.AddPair();

        var packet = a.Send(b);
        _network.Deliver();

        Assert.Equal([packet], b.Received);
        Assert.Equal([Initiation, Response, Data], _network.Sent.Select(datagram => datagram.Bytes[0]));
        Assert.True(a.Device.GetPeerStatus(b.Device.PublicKey) is { HasSession: true, LastHandshake: not null });
    }

    [Fact]
    public void Packets_go_both_ways_after_one_handshake()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();

        var back = b.Send(a);
        var forth = a.Send(b);
        _network.Deliver();

        Assert.Equal([back], a.Received);
        Assert.Equal(forth, b.Received[1]);
        Assert.Equal(1, _network.Count(Initiation, b));
        Assert.Equal(0, _network.Count(Initiation, a));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(1265)]
    [InlineData(1279)]
    [InlineData(1280)]
    public void Packets_of_any_length_arrive_and_messages_are_padded_but_not_beyond_the_mtu(int size)
    {
        var (a, b) = _network.AddPair();

        var packet = a.Send(b, size);
        _network.Deliver();

        Assert.Equal([packet], b.Received);
        Assert.Equal(Math.Min((size + 15) / 16 * 16, 1280) + 32, _network.Sent[^1].Bytes.Length);
    }

    [Fact]
    public void All_packets_that_wait_arrive_in_order()
    {
        var (a, b) = _network.AddPair();
        var packets = Enumerable.Range(0, 20).Select(index => a.Send(b, 40 + (50 * index))).ToList();

        _network.Deliver();

        Assert.Equal(packets, b.Received);
    }

    [Fact]
    public void What_waits_is_bounded()
    {
        var (a, b) = _network.AddPair();
        for (var count = 0; count < 1000; count++)
        {
            a.Send(b, 1280);
        }

        _network.Deliver();

        Assert.InRange(b.Received.Count, 20, 40);
        Assert.Equal(1000 - b.Received.Count, a.Device.Statistics.UnsentPackets);
    }

    [Fact]
    public void A_packet_goes_to_the_peer_with_the_longest_prefix()
    {
        var a = _network.AddNode();
        var (near, far) = (_network.AddNode(), _network.AddNode());
        a.SetPeer(near, peer => peer with { AllowedNetworks = [IPNetwork.Parse("10.1.0.0/16")] });
        a.SetPeer(far, peer => peer with { AllowedNetworks = [IPNetwork.Parse("0.0.0.0/0")] });

        a.Device.Send(IpPackets.Udp("10.9.9.9", 1, "10.1.2.3", 2));
        a.Device.Send(IpPackets.Udp("10.9.9.9", 1, "10.2.2.3", 2));
        a.Device.Send(IpPackets.Udp("fd00::1", 1, "fd00::2", 2));

        Assert.Equal(1, _network.Count(Initiation, near));
        Assert.Equal(1, _network.Count(Initiation, far));
        Assert.Equal(1, a.Device.Statistics.UnroutablePackets);
    }

    [Fact]
    public void A_packet_from_an_address_that_is_not_the_peers_is_dropped()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();
        b.Received.Clear();

        a.Device.Send(IpPackets.Udp("100.64.0.77", 1, b.IPv4, 2));
        a.Device.Send(IpPackets.Udp("fd7a::77", 1, b.IPv6, 2));
        a.Device.Flush();
        _network.Deliver();

        Assert.Empty(b.Received);
        Assert.Equal(2, b.Device.Statistics.SpoofedPackets);
    }

    [Fact]
    public void A_replayed_message_is_taken_once()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();
        a.Send(b);
        var message = _network.Sent[^1];
        _network.Deliver();

        _network.Deliver(message);

        Assert.Equal(2, b.Received.Count);
        Assert.Equal(1, b.Device.Statistics.InvalidMessages);
    }

    [Fact]
    public void A_damaged_message_is_dropped_and_the_real_one_still_taken()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();
        a.Send(b);
        var message = _network.Sent[^1];
        for (var index = 4; index < message.Bytes.Length; index += 7)
        {
            var damaged = (byte[])message.Bytes.Clone();
            damaged[index] ^= 0x20;
            _network.Deliver(message with { Bytes = damaged });
        }

        Assert.Single(b.Received);
        _network.Deliver();
        Assert.Equal(2, b.Received.Count);
    }

    [Fact]
    public void A_message_may_be_overtaken_by_thousands_and_no_more()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();
        _network.Fate = _ => [];
        var first = _network.Sent.Count;
        for (var count = 0; count < 8194; count++)
        {
            a.Send(b, 40);
        }

        _network.Deliver();
        var messages = _network.Sent[first..];
        b.Received.Clear();
        _network.Deliver(messages[^1]);
        _network.Deliver(messages[1]);
        _network.Deliver(messages[2]);

        // The newest, and the one 8,191 behind it; 8,192 behind is too far.
        Assert.Equal(2, b.Received.Count);
    }

    [Fact]
    public void A_stranger_gets_no_answer()
    {
        var b = _network.AddNode();
        var stranger = _network.AddNode();
        stranger.SetPeer(b);

        stranger.Send(b);
        _network.Deliver();

        Assert.Equal([Initiation], _network.Sent.Select(datagram => datagram.Bytes[0]));
        Assert.Equal(1, b.Device.Statistics.InvalidMessages);
    }

    [Fact]
    public void A_peer_with_another_preshared_key_gets_no_session()
    {
        var (a, b) = (_network.AddNode(), _network.AddNode());
        a.SetPeer(b, peer => peer with { PresharedKey = Enumerable.Repeat((byte)1, 32).ToArray() });
        b.SetPeer(a, peer => peer with { PresharedKey = Enumerable.Repeat((byte)2, 32).ToArray() });
        a.Send(b);
        _network.Deliver();
        Assert.Empty(b.Received);

        b.SetPeer(a, peer => peer with { PresharedKey = Enumerable.Repeat((byte)1, 32).ToArray() });
        _network.Pass(TimeSpan.FromSeconds(6));

        Assert.Single(b.Received);
    }

    [Fact]
    public void An_initiation_is_answered_once_and_a_replay_of_it_never()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        var initiation = _network.Sent[0];
        _network.Deliver();
        _network.Time.Advance(TimeSpan.FromSeconds(1));

        _network.Deliver(initiation);

        Assert.Equal(1, _network.Count(Response, a));
    }

    [Fact]
    public void Both_may_begin_at_once()
    {
        var (a, b) = _network.AddPair();
        var toB = a.Send(b);
        var toA = b.Send(a);

        _network.Deliver();

        Assert.Equal([toB], b.Received);
        Assert.Equal([toA], a.Received);
        for (var count = 0; count < 10; count++)
        {
            a.Send(b);
            b.Send(a);
            _network.Deliver();
        }

        Assert.Equal(11, a.Received.Count);
        Assert.Equal(11, b.Received.Count);
        Assert.Equal(2, _network.Sent.Count(datagram => datagram.Bytes[0] == Initiation));
    }

    [Fact]
    public void The_path_learns_where_the_peer_is_from_genuine_messages_only()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();
        Assert.Equal([a.Address], b.Authenticated);

        var before = a.Address;
        a.Address = a.AddressWithPort(5);
        a.Send(b);
        _network.Deliver();
        _network.Deliver(_network.Sent[^1] with { From = a.AddressWithPort(6) });

        Assert.Equal([before, a.Address], b.Authenticated);
    }

    [Fact]
    public void A_removed_peer_is_neither_sent_to_nor_heard()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();

        Assert.True(b.Device.RemovePeer(a.Device.PublicKey));
        a.Send(b);
        b.Send(a);
        _network.Deliver();

        Assert.Single(b.Received);
        Assert.Empty(a.Received);
        Assert.False(b.Device.RemovePeer(a.Device.PublicKey));
        Assert.Null(b.Device.GetPeerStatus(a.Device.PublicKey));
    }

    [Fact]
    public void A_changed_peer_keeps_its_session_and_loses_the_networks_it_no_longer_has()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();

        a.SetPeer(b, peer => peer with { AllowedNetworks = [IPNetwork.Parse($"{b.IPv6}/128")] });
        a.Send(b);
        a.Device.Send(IpPackets.Udp(a.IPv6, 1, b.IPv6, 2));
        a.Device.Flush();
        _network.Deliver();

        Assert.Equal(2, b.Received.Count);
        Assert.Equal(1, a.Device.Statistics.UnroutablePackets);
        Assert.Equal(1, _network.Count(Initiation, b));
    }

    [Fact]
    public void After_a_new_private_key_peers_that_know_it_are_reached_at_once()
    {
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();
        var old = a.Device.PublicKey;
        var renewed = NodePrivateKey.Generate();

        a.Device.SetPrivateKey(renewed);
        a.Key.Dispose();
        b.Device.RemovePeer(old);
        b.SetPeer(a);
        a.Send(b);
        b.Send(a);
        _network.Deliver();

        Assert.Equal(renewed.PublicKey, a.Device.PublicKey);
        Assert.Equal(2, b.Received.Count);
        Assert.Single(a.Received);
    }

    [Fact]
    public void Packets_of_one_size_leave_together()
    {
        var sizes = new List<(int Bytes, int Size)>();
        var (a, b) = _network.AddPair();
        a.Send(b);
        _network.Deliver();
        a.SetPeer(b, peer => peer with { Path = new CountingPath(sizes) });

        for (var count = 0; count < 70; count++)
        {
            a.Device.Send(a.PacketTo(b, 992));
        }

        a.Device.Send(a.PacketTo(b, 500));
        a.Device.Send(a.PacketTo(b, 992));
        a.Device.Flush();

        // As many as an offloaded send takes; then those of a size with a shorter one as the last; then what follows it.
        Assert.Equal([(63 * 1024, 1024), ((7 * 1024) + 544, 1024), (1024, 1024)], sizes);
    }

    private sealed class CountingPath(List<(int Bytes, int Size)> sizes) : IPeerPath
    {
        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize) => sizes.Add((datagrams.Length, datagramSize));

        public void Authenticated(in PathAddress from)
        {
        }
    }
}
