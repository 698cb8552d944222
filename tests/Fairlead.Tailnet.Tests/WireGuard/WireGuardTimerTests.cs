namespace Fairlead.Tailnet.Tests.WireGuard;

public sealed class WireGuardTimerTests
{
    private const byte Initiation = 1;
    private const byte Response = 2;
    private const byte Data = 4;
    private const int KeepAliveSize = 32;

    private readonly VirtualNetwork _network = new();
    private readonly VirtualNode _a;
    private readonly VirtualNode _b;

    public WireGuardTimerTests() => (_a, _b) = _network.AddPair();

    [Fact]
    public void The_initiator_renews_the_session_when_it_sends_after_two_minutes()
    {
        Converse(TimeSpan.FromSeconds(119));
        Assert.Equal(1, _network.Count(Initiation, _b));

        Converse(TimeSpan.FromSeconds(3));

        Assert.Equal(2, _network.Count(Initiation, _b));
        Assert.Equal(0, _network.Count(Initiation, _a));
        AssertNothingLost();
    }

    [Fact]
    public void An_hour_of_conversation_loses_nothing_and_takes_a_handshake_every_two_minutes()
    {
        Converse(TimeSpan.FromHours(1), every: TimeSpan.FromSeconds(5));

        Assert.InRange(_network.Count(Initiation, _b) + _network.Count(Initiation, _a), 28, 31);
        AssertNothingLost();
    }

    [Fact]
    public void An_initiator_that_only_receives_renews_the_session_before_it_ends()
    {
        _a.Send(_b);
        _network.Deliver();
        for (var second = 0; second < 178; second++)
        {
            _network.Pass(TimeSpan.FromSeconds(1));
            _b.Send(_a);
            _network.Deliver();
        }

        Assert.Equal(178, _a.Received.Count);
        Assert.Equal(2, _network.Count(Initiation, _b));
    }

    [Fact]
    public void A_session_is_of_no_use_after_three_minutes()
    {
        _a.Send(_b);
        _network.Deliver();
        _b.Send(_a);
        var late = _network.Sent[^1];
        _network.Fate = _ => [];
        _network.Deliver();

        _network.Time.Advance(TimeSpan.FromSeconds(181));
        _network.Deliver(late);

        Assert.Empty(_a.Received);
        Assert.False(_a.Device.GetPeerStatus(_b.Device.PublicKey)!.Value.HasSession);
        _a.Send(_b);
        Assert.Equal(Initiation, _network.Sent[^1].Bytes[0]);
    }

    [Fact]
    public void Who_only_receives_answers_with_a_keep_alive_after_ten_seconds()
    {
        Establish();
        _a.Send(_b);
        _network.Deliver();
        _network.Sent.Clear();

        _network.Pass(TimeSpan.FromSeconds(9.8));
        Assert.Empty(_network.Sent);
        _network.Pass(TimeSpan.FromSeconds(0.4));

        var sent = Assert.Single(_network.Sent);
        Assert.Equal((_b.Address, KeepAliveSize), (sent.From, sent.Bytes.Length));
        _network.Pass(TimeSpan.FromSeconds(60));
        Assert.Single(_network.Sent);
    }

    [Fact]
    public void Who_answers_sends_no_keep_alive()
    {
        Converse(TimeSpan.FromSeconds(60), every: TimeSpan.FromSeconds(4));

        // One confirms the first session; the last packets are answered by none yet.
        Assert.Equal(0, _network.Sent.Count(datagram => datagram.Bytes.Length == KeepAliveSize));
    }

    [Fact]
    public void Who_gets_no_answer_for_fifteen_seconds_begins_a_handshake()
    {
        Establish();
        _network.Fate = _ => [];
        _a.Send(_b);
        _network.Sent.Clear();

        _network.Pass(TimeSpan.FromSeconds(14.9));
        Assert.Empty(_network.Sent);
        _network.Pass(TimeSpan.FromSeconds(0.6));

        Assert.Equal([Initiation], _network.Sent.Select(datagram => datagram.Bytes[0]));
    }

    [Fact]
    public void An_initiation_without_answer_is_repeated_every_five_seconds_for_ninety()
    {
        _network.Fate = _ => [];
        _a.Send(_b);

        _network.Pass(TimeSpan.FromSeconds(300));

        Assert.InRange(_network.Count(Initiation, _b), 17, 19);
        Assert.Equal(1, _a.Device.Statistics.UnsentPackets);
    }

    [Fact]
    public void Initiations_are_never_closer_than_five_seconds_however_much_is_sent()
    {
        _network.Fate = _ => [];

        for (var count = 0; count < 100; count++)
        {
            _a.Send(_b);
            _network.Pass(TimeSpan.FromMilliseconds(200));
        }

        Assert.InRange(_network.Count(Initiation, _b), 3, 4);
    }

    [Fact]
    public void After_giving_up_a_new_packet_begins_anew_and_gets_through()
    {
        _network.Fate = _ => [];
        _a.Send(_b);
        _network.Pass(TimeSpan.FromSeconds(120));
        _network.Fate = datagram => [datagram];

        var packet = _a.Send(_b);
        _network.Deliver();

        Assert.Equal([packet], _b.Received);
    }

    [Fact]
    public void A_lost_response_is_made_good_by_the_next_initiation()
    {
        _network.Fate = datagram => datagram.Bytes[0] == Response ? [] : [datagram];
        var packet = _a.Send(_b);
        _network.Deliver();
        Assert.Empty(_b.Received);
        _network.Fate = datagram => [datagram];

        _network.Pass(TimeSpan.FromSeconds(6));

        Assert.Equal([packet], _b.Received);
    }

    [Fact]
    public void A_responder_sends_nothing_before_the_initiator_has_confirmed()
    {
        _network.Fate = datagram => datagram.Bytes[0] == Data && datagram.From == _a.Address ? [] : [datagram];
        _a.Send(_b);
        _network.Deliver();

        _b.Send(_a);

        Assert.Equal(Initiation, _network.Sent[^1].Bytes[0]);
    }

    [Fact]
    public void A_peer_with_a_persistent_keep_alive_is_sent_one_in_time()
    {
        _a.SetPeer(_b, peer => peer with { PersistentKeepAlive = TimeSpan.FromSeconds(25) });

        _network.Pass(TimeSpan.FromSeconds(101));

        // The first begins the handshake.
        Assert.Equal(1, _network.Count(Initiation, _b));
        Assert.Equal(4, _network.Count(Data, _b));
    }

    [Fact]
    public void Nothing_is_kept_and_no_timer_runs_when_all_is_silent()
    {
        Converse(TimeSpan.FromSeconds(10));
        Assert.Equal(1, _network.Time.ArmedTimers);

        _network.Pass(TimeSpan.FromSeconds(545));

        Assert.Equal(0, _network.Time.ArmedTimers);
        Assert.Null(_a.Device.Sessions.FindPeer(BitConverter.ToUInt32(_network.Sent[1].Bytes, 8)));
        var packet = _a.Send(_b);
        _network.Deliver();
        Assert.Equal(packet, _b.Received[^1]);
    }

    [Fact]
    public void A_restarted_peer_is_reached_again_within_seconds()
    {
        Establish();
        var restarted = _network.Replace(_b);
        restarted.SetPeer(_a);

        for (var second = 0; second < 22; second++)
        {
            _a.Send(restarted);
            _network.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.NotEmpty(restarted.Received);
    }

    private void Establish()
    {
        _a.Send(_b);
        _network.Deliver();
        _b.Send(_a);
        _network.Deliver();
        _network.Time.Advance(TimeSpan.FromSeconds(20));
        _network.Deliver();
    }

    private void Converse(TimeSpan time, TimeSpan? every = null)
    {
        var step = every ?? TimeSpan.FromSeconds(1);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _a.Send(_b);
            _network.Deliver();
            _b.Send(_a);
            _network.Deliver();
            _network.Time.Advance(step);
            _network.Deliver();
        }
    }

    private void AssertNothingLost()
    {
        Assert.Equal(0, _a.Device.Statistics.InvalidMessages + _b.Device.Statistics.InvalidMessages);
        Assert.Equal(_a.Received.Count, _b.Received.Count);
    }
}
