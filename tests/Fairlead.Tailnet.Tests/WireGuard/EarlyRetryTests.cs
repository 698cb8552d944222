namespace Fairlead.Tailnet.Tests.WireGuard;

/// <summary>Handshakes that need not wait for their timeout, since it is known that their way works by now.</summary>
public sealed class EarlyRetryTests
{
    private const byte Initiation = 1;

    private readonly VirtualNetwork _network = new();
    private readonly VirtualNode _a;
    private readonly VirtualNode _b;

    public EarlyRetryTests() => (_a, _b) = _network.AddPair();

    [Fact]
    public void An_initiation_that_was_lost_is_repeated_as_soon_as_the_way_works()
    {
        var packet = SendInVain();
        _network.Pass(TimeSpan.FromSeconds(1));
        _network.Fate = datagram => [datagram];

        _a.Device.PathProven(_b.Key.PublicKey, TimeSpan.Zero);
        _network.Pass(TimeSpan.FromMilliseconds(100));

        Assert.Equal([packet], _b.Received);
    }

    [Fact]
    public void An_answer_that_may_be_under_way_is_waited_for()
    {
        SendInVain();
        _network.Pass(TimeSpan.FromMilliseconds(500));

        _a.Device.PathProven(_b.Key.PublicKey, TimeSpan.FromMilliseconds(500));
        _network.Pass(TimeSpan.FromMilliseconds(400));
        Assert.Equal(1, _network.Count(Initiation, _b));
        _network.Pass(TimeSpan.FromMilliseconds(200));

        Assert.Equal(2, _network.Count(Initiation, _b));
    }

    [Fact]
    public void However_much_news_there_is_initiations_become_rarer_until_they_are_as_rare_as_without()
    {
        SendInVain();
        for (var i = 0; i < 600; i++)
        {
            _a.Device.PathProven(_b.Key.PublicKey, TimeSpan.Zero);
            _network.Pass(TimeSpan.FromMilliseconds(100));
        }

        // After 0.25, 0.5, 1, 2 and 4 seconds, and then every five.
        Assert.InRange(_network.Count(Initiation, _b), 12, 17);
    }

    [Fact]
    public void News_of_a_peer_that_waits_for_nothing_begins_nothing()
    {
        _a.Device.PathProven(_b.Key.PublicKey, TimeSpan.Zero);
        _a.Device.PeerRestarted(_b.Key.PublicKey);
        _network.Pass(TimeSpan.FromSeconds(10));

        Assert.Empty(_network.Sent);
        Assert.Equal(0, _a.Device.ActivePeers);
    }

    [Fact]
    public void What_is_sent_to_a_peer_that_began_anew_waits_for_the_new_session_and_is_not_lost()
    {
        _a.Send(_b);
        _network.Deliver();
        var restarted = _network.Replace(_b);
        restarted.SetPeer(_a);

        _a.Device.PeerRestarted(_b.Key.PublicKey);
        var packet = _a.Send(_b);
        _network.Pass(TimeSpan.FromMilliseconds(400));

        Assert.Equal([packet], restarted.Received);
        Assert.Equal(0, restarted.Device.Statistics.InvalidMessages);
    }

    [Fact]
    public void A_peer_of_which_that_was_not_true_is_understood_all_along()
    {
        _a.Send(_b);
        _network.Deliver();
        var early = _b.Send(_a);

        _a.Device.PeerRestarted(_b.Key.PublicKey);
        _network.Deliver();
        _network.Pass(TimeSpan.FromSeconds(1));
        var late = _b.Send(_a);
        _network.Deliver();

        Assert.Equal([early, late], _a.Received);
        Assert.Equal(2, _network.Count(Initiation, _b));
    }

    /// <summary>Nothing arrives from now on.</summary>
    private byte[] SendInVain()
    {
        _network.Fate = _ => [];
        var packet = _a.Send(_b);
        _network.Deliver();
        return packet;
    }
}
