using Fairlead.Tailnet.Paths;
using Fairlead.Tailnet.Protocol;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Disco;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Paths;

/// <summary>What others can, and cannot, bring about with disco packets.</summary>
public sealed class HostilePeerTests : IDisposable
{
    private static readonly UdpAddress Somewhere = SimulatedNetwork.Address("203.0.113.66:6666");

    private readonly SimulatedNetwork _network = new();
    private readonly SimulatedHost _alice;
    private readonly DiscoPrivateKey _malloryDisco = DiscoPrivateKey.Generate();
    private readonly NodePrivateKey _malloryNode = NodePrivateKey.Generate();

    public HostilePeerTests()
    {
        _alice = _network.Add("192.0.2.1:1000");
        _alice.TellEndpoints();
    }

    [Fact]
    public void Packets_of_strangers_are_not_answered()
    {
        Receive(Ping(), PathAddress.Direct(Somewhere));

        Assert.Equal(0, _alice.DiscoSentDirectly);
    }

    [Fact]
    public void Packets_that_claim_to_be_a_peers_and_are_not_sealed_by_it_are_not_answered()
    {
        Befriend();
        var packet = Seal(Ping());
        packet[^1] ^= 1;

        _alice.Engine.ReceiveDisco(packet, PathAddress.Direct(Somewhere));

        Assert.Equal(0, _alice.DiscoSentDirectly);
    }

    [Fact]
    public void Packets_that_claim_to_be_a_peers_make_nothing_of_it_until_one_is()
    {
        var mallory = Befriend();
        var forged = Seal(Ping());
        forged[^1] ^= 1;

        for (var i = 0; i < 10_000; i++)
            _alice.Engine.ReceiveDisco(forged.AsSpan().ToArray(), PathAddress.Direct(Somewhere));

        Assert.Null(mallory.Active);
        Assert.Equal(0, _network.Time.ArmedTimers);
        _network.Time.Advance(TimeSpan.FromSeconds(1));
        Receive(Ping(), PathAddress.Direct(Somewhere));
        Assert.NotNull(mallory.Active);
        Assert.NotEqual(0, _alice.DiscoSentDirectly);
    }

    [Fact]
    public void A_relayed_packet_must_come_from_the_node_whose_key_sealed_it()
    {
        Befriend();
        using var other = NodePrivateKey.Generate();

        Receive(Ping(), PathAddress.Relayed(SimulatedNetwork.Region, other.PublicKey));
        Assert.Equal(0, _alice.DiscoSentThroughRelay);
        Receive(Ping(), PathAddress.Relayed(SimulatedNetwork.Region, _malloryNode.PublicKey));
        Assert.Equal(1, _alice.DiscoSentThroughRelay);
    }

    [Fact]
    public void A_ping_that_names_another_node_is_not_answered()
    {
        Befriend();

        Receive(Message(new DiscoPing(DiscoTransactionId.Create(), _alice.Node)), PathAddress.Direct(Somewhere));

        Assert.Equal(0, _alice.DiscoSentDirectly);
    }

    [Fact]
    public void A_flood_of_pings_is_answered_in_part()
    {
        Befriend();
        for (var i = 0; i < 10_000; i++)
            Receive(Ping(), PathAddress.Direct(Somewhere));

        // A burst of a hundred, and our own ping to where they came from.
        Assert.InRange(_alice.DiscoSentDirectly, 100, 102);
        _network.Time.Advance(TimeSpan.FromSeconds(10));
        Receive(Ping(), PathAddress.Direct(Somewhere));
        Assert.True(_alice.DiscoSentDirectly > 102);
    }

    [Fact]
    public void A_flood_of_calls_makes_us_ping_few_addresses_few_times()
    {
        Befriend();
        var buffer = new byte[DiscoCallMeMaybe.SizeOf(1000)];
        for (var i = 0; i < 1000; i++)
        {
            var addresses = Enumerable.Range(0, 1000).Select(n => WireEndPoint.From([10, (byte)i, (byte)(n >> 8), (byte)n], 1)).ToArray();
            Receive(buffer.AsSpan(0, DiscoCallMeMaybe.Write(buffer, addresses)), PathAddress.Relayed(SimulatedNetwork.Region, _malloryNode.PublicKey));
        }

        Assert.InRange(_alice.DiscoSentDirectly, 1, 3 * CandidateTable.MaxNamed);
    }

    [Fact]
    public void A_call_that_did_not_come_through_a_relay_is_ignored()
    {
        Befriend();
        var buffer = new byte[DiscoCallMeMaybe.SizeOf(1)];
        DiscoCallMeMaybe.Write(buffer, [WireEndPoint.From([10, 0, 0, 1], 1)]);

        Receive(buffer, PathAddress.Direct(Somewhere));

        Assert.Equal(0, _alice.DiscoSentDirectly);
    }

    [Fact]
    public void A_pong_that_answers_no_ping_makes_no_path()
    {
        var path = Befriend();
        Receive(Message(new DiscoPong(DiscoTransactionId.Create(), default)), PathAddress.Direct(Somewhere));

        path.Send(new byte[4], 4);

        Assert.Equal((0, 1), (_alice.DataSentDirectly, _alice.DataSentThroughRelay));
    }

    [Fact]
    public void A_peer_heard_from_ever_new_addresses_fills_no_more_than_its_table()
    {
        Befriend();
        for (var i = 0; i < 5000; i++)
        {
            Receive(Ping(), PathAddress.Direct(SimulatedNetwork.Address($"10.0.{i / 250}.{1 + (i % 250)}:1")));
            _network.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.InRange(_alice.Engine.Find(_malloryNode.PublicKey)!.Active!.Candidates.Count, 1, CandidateTable.Capacity);
        Assert.InRange(_alice.Engine.Find(_malloryNode.PublicKey)!.Active!.Pings.Count, 0, 4 * CandidateTable.Capacity);
    }

    [Theory]
    [InlineData("0.0.0.0:1")]
    [InlineData("224.0.0.1:1")]
    [InlineData("255.255.255.255:1")]
    [InlineData("[ff02::1]:1")]
    [InlineData("[::]:1")]
    [InlineData("10.0.0.1:0")]
    public void An_address_at_which_no_peer_can_be_is_not_pinged(string address)
    {
        Befriend(SimulatedNetwork.Address(address)).Send(new byte[4], 4);

        Assert.Equal(0, _alice.DiscoSentDirectly);
    }

    [Fact]
    public void A_peer_cannot_take_the_disco_key_of_another()
    {
        using var bob = _network.Add("192.0.2.2:2000");
        bob.Meet(_alice.AsPeer);
        _alice.Meet(bob.AsPeer);
        _alice.Engine.Set(new PathPeer { Node = _malloryNode.PublicKey, Disco = bob.Disco, HomeRegion = SimulatedNetwork.Region });
        bob.TellEndpoints();

        bob.Send(1);
        _network.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(bob.Addresses[0], _alice.Engine.Find(bob.Node)!.Active!.Candidates[0].Address);
        Assert.Null(_alice.Engine.Find(_malloryNode.PublicKey)!.Active);
    }

    [Fact]
    public void A_peer_whose_disco_key_is_of_low_order_is_reached_by_relay()
    {
        var key = new byte[32];
        key[0] = 1;
        var path = _alice.Engine.Set(new PathPeer
        {
            Node = _malloryNode.PublicKey,
            Disco = new DiscoPublicKey(new PublicKey(key)),
            HomeRegion = SimulatedNetwork.Region,
            Endpoints = [Somewhere],
        });

        path.Send(new byte[4], 4);

        Assert.Equal((0, 1), (_alice.DiscoSentDirectly, _alice.DataSentThroughRelay));
    }

    public void Dispose()
    {
        _alice.Dispose();
        _malloryDisco.Dispose();
        _malloryNode.Dispose();
    }

    private static byte[] Message(DiscoPong pong)
    {
        var message = new byte[DiscoPong.Size];
        pong.Write(message);
        return message;
    }

    private static byte[] Message(DiscoPing ping)
    {
        var message = new byte[DiscoPing.Size];
        ping.Write(message);
        return message;
    }

    private byte[] Ping() => Message(new DiscoPing(DiscoTransactionId.Create(), _malloryNode.PublicKey));

    private PeerPath Befriend(params UdpAddress[] endpoints) => _alice.Engine.Set(new PathPeer
    {
        Node = _malloryNode.PublicKey,
        Disco = _malloryDisco.PublicKey,
        HomeRegion = SimulatedNetwork.Region,
        Endpoints = endpoints,
    });

    private void Receive(ReadOnlySpan<byte> message, in PathAddress from) => _alice.Engine.ReceiveDisco(Seal(message), from);

    private byte[] Seal(ReadOnlySpan<byte> message)
    {
        using var box = new NaclBox(_malloryDisco.Key, _alice.Disco.Key);
        var packet = new byte[DiscoPacket.Overhead + message.Length];
        DiscoPacket.Seal(box, _malloryDisco.PublicKey, message, packet);
        return packet;
    }
}
