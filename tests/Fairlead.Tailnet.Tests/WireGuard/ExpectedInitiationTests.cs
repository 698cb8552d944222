namespace Fairlead.Tailnet.Tests.WireGuard;

/// <summary>A peer was heard to look for this node, and has something to send.</summary>
public sealed class ExpectedInitiationTests
{
    private const byte Initiation = 1;

    private readonly VirtualNetwork _network = new();
    private readonly VirtualNode _peer;
    private readonly VirtualNode _node;

    public ExpectedInitiationTests() => (_peer, _node) = _network.AddPair();

    [Fact]
    public void Where_the_peers_initiation_was_lost_the_handshake_begins_here()
    {
        _network.Fate = _ => [];
        var packet = _peer.Send(_node);
        _network.Deliver();
        _network.Fate = datagram => [datagram];

        _node.Device.PeerCalling(_peer.Key.PublicKey);
        _network.Pass(TimeSpan.FromMilliseconds(600));

        Assert.Equal([packet], _node.Received);
        Assert.Equal((1, 1), (_network.Count(Initiation, _node), _network.Count(Initiation, _peer)));
    }

    [Fact]
    public void An_initiation_that_comes_later_than_the_news_of_it_is_answered_and_no_other_sent()
    {
        _node.Device.PeerCalling(_peer.Key.PublicKey);
        _network.Pass(TimeSpan.FromMilliseconds(400));
        var packet = _peer.Send(_node);
        _network.Deliver();
        _network.Pass(TimeSpan.FromSeconds(9));

        Assert.Equal([packet], _node.Received);
        Assert.Equal(0, _network.Count(Initiation, _peer));
    }

    [Fact]
    public void An_answer_that_was_lost_is_left_to_the_peer_to_ask_for_again()
    {
        _network.Fate = datagram => datagram.To == _peer.Address ? [] : [datagram];
        _peer.Send(_node);
        _network.Deliver();

        _node.Device.PeerCalling(_peer.Key.PublicKey);
        _network.Pass(TimeSpan.FromSeconds(4));

        Assert.Equal(0, _network.Count(Initiation, _peer));
    }

    [Fact]
    public void A_peer_with_a_session_gets_no_other()
    {
        _peer.Send(_node);
        _network.Deliver();

        _node.Device.PeerCalling(_peer.Key.PublicKey);
        _network.Pass(TimeSpan.FromSeconds(9));

        Assert.Equal(0, _network.Count(Initiation, _peer));
    }

    [Fact]
    public void However_often_a_peer_looks_for_this_node_it_gets_no_more_than_one_initiation_in_five_seconds()
    {
        _network.Fate = _ => [];
        for (var i = 0; i < 600; i++)
        {
            _node.Device.PeerCalling(_peer.Key.PublicKey);
            _network.Pass(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_network.Count(Initiation, _peer), 9, 12);
    }

    [Fact]
    public void What_came_to_nothing_is_not_repeated()
    {
        _network.Fate = _ => [];

        _node.Device.PeerCalling(_peer.Key.PublicKey);
        _network.Pass(TimeSpan.FromSeconds(30));

        Assert.Equal(1, _network.Count(Initiation, _peer));
    }
}
