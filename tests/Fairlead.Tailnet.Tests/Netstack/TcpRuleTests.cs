using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Tests.Netstack.Crafted;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class TcpRuleTests
{
    private readonly StackUnderTest _stack = new();

    [Fact]
    public void A_blind_reset_within_the_window_is_challenged_and_only_an_exact_one_counts()
    {
        var (connection, peer) = _stack.Accept();
        _stack.Receive(peer.Segment(Segment.Rst) with { Seq = peer.Seq + 1 });
        Assert.Equal((Segment.Ack, peer.Seq), Summary(_stack.Next()));
        _stack.Receive(peer.Segment(Segment.Rst) with { Seq = peer.Seq + 1_000_000 });
        _stack.Receive(peer.Segment(Segment.Rst) with { Seq = peer.Seq - 1 });
        _stack.ExpectNothing();
        Assert.False(connection.Closed.IsCompleted);

        var reading = connection.ReadAsync(new byte[10]).AsTask();
        peer.Send(Segment.Rst);
        Assert.Equal(SocketError.ConnectionReset, ErrorOf(reading));
        Assert.True(connection.Closed.IsCompleted);
    }

    [Fact]
    public void A_SYN_on_an_open_connection_is_challenged()
    {
        var (connection, peer) = _stack.Accept();
        _stack.Receive(peer.Segment(Segment.Syn));
        Assert.Equal((Segment.Ack, peer.Seq), Summary(_stack.Next()));
        _stack.Receive(peer.Segment(Segment.Syn) with { Seq = 12 });
        Assert.Equal((Segment.Ack, peer.Seq), Summary(_stack.Next()));
        Assert.False(connection.Closed.IsCompleted);
    }

    [Fact]
    public void Challenges_are_few_however_many_segments_ask_for_them()
    {
        var (_, peer) = _stack.Accept();
        for (var i = 0; i < 1000; i++)
        {
            _stack.Receive(peer.Segment(Segment.Rst) with { Seq = peer.Seq + 1 });
        }

        Assert.Equal(10, _stack.SentCount);
    }

    [Fact]
    public void An_acknowledgement_of_data_never_sent_is_challenged_and_changes_nothing()
    {
        var (_, peer) = _stack.Accept();
        _stack.Receive(peer.Segment(data: [1, 2, 3]) with { AckNumber = peer.AckNumber + 1000 });
        Assert.Equal((Segment.Ack, peer.Seq), Summary(_stack.Next()));
        _stack.ExpectNothing();
    }

    [Fact]
    public void Data_outside_the_window_is_answered_with_the_state_of_affairs()
    {
        var (_, peer) = _stack.Accept();
        _stack.Receive(peer.Segment(data: [1]) with { Seq = peer.Seq + 10_000_000 });
        Assert.Equal((Segment.Ack, peer.Seq), Summary(_stack.Next()));
    }

    [Fact]
    public void An_old_timestamp_is_refused()
    {
        var (connection, peer) = _stack.Accept([.. Segment.MssOption(1240), .. Segment.TimestampOption(1000, 0)]);
        peer.Send(data: [1], options: Segment.TimestampOption(1001, peer.Timestamps!.Value.Value));
        _stack.Forget();
        _stack.Receive(peer.Segment(data: [2], options: Segment.TimestampOption(900, peer.Timestamps.Value.Value)));
        Assert.Equal((Segment.Ack, peer.Seq), Summary(_stack.Next()));

        // Without the option it is no segment of this connection either; that one is not answered.
        _stack.Receive(peer.Segment(data: [3]));
        _stack.ExpectNothing();
        Assert.Equal(1, ReadNow(connection));
    }

    [Fact]
    public void What_arrives_out_of_order_is_reported_latest_first_and_put_in_its_place()
    {
        var (connection, peer) = _stack.Accept();
        var start = peer.Seq;
        _stack.Receive(peer.Segment(data: [3, 4]) with { Seq = start + 2 });
        Assert.Equal([(start + 2, start + 4)], _stack.Next().SackBlocks);
        _stack.Receive(peer.Segment(data: [7, 8]) with { Seq = start + 6 });
        Assert.Equal([(start + 6, start + 8), (start + 2, start + 4)], _stack.Next().SackBlocks);
        _stack.Receive(peer.Segment(data: [5]) with { Seq = start + 4 });
        Assert.Equal([(start + 2, start + 5), (start + 6, start + 8)], _stack.Next().SackBlocks);

        // Overlapping both neighbours, with the same bytes.
        _stack.Receive(peer.Segment(data: [5, 6, 7]) with { Seq = start + 4 });
        Assert.Equal([(start + 2, start + 8)], _stack.Next().SackBlocks);
        _stack.Receive(peer.Segment(data: [1, 2, 3]) with { Seq = start });
        var final = _stack.Next();
        Assert.Equal(start + 8, final.AckNumber);
        var buffer = new byte[100];
        var reading = connection.ReadAsync(buffer);
        Assert.Equal(8, reading.Result);
        Assert.Equal<byte>([1, 2, 3, 4, 5, 6, 7, 8], buffer[..8]);
    }

    [Fact]
    public void What_arrives_twice_is_reported_as_such()
    {
        var (_, peer) = _stack.Accept();
        peer.Send(data: [1, 2, 3]);
        _stack.Forget();
        _stack.Receive(peer.Segment(data: [1, 2, 3]) with { Seq = peer.Seq - 3 });
        Assert.Equal([(peer.Seq - 3, peer.Seq)], _stack.Next().SackBlocks);
    }

    [Fact]
    public void Acknowledgements_wait_for_a_second_segment_but_not_long()
    {
        var (connection, peer) = _stack.Accept();
        for (var i = 0; i < 30; i++)
        {
            peer.Send(data: new byte[1000]);
        }

        _stack.Pass(TimeSpan.FromSeconds(1));
        _stack.Forget();
        peer.Send(data: new byte[1000]);
        _stack.ExpectNothing();
        peer.Send(data: new byte[1000]);
        Assert.Equal(peer.Seq, _stack.Next().AckNumber);
        peer.Send(data: new byte[1000]);
        _stack.ExpectNothing();
        _stack.Pass(TimeSpan.FromMilliseconds(41));
        Assert.Equal(peer.Seq, _stack.Next().AckNumber);
        _ = connection;
    }

    [Fact]
    public void A_batch_is_acknowledged_once()
    {
        var (_, peer) = _stack.Accept();
        var batch = Enumerable.Range(0, 40).Select(i => peer.Segment(data: new byte[1000]) with { Seq = peer.Seq + (uint)(1000 * i) });
        _stack.Receive([.. batch]);
        Assert.Equal(peer.Seq + 40_000, _stack.Next().AckNumber);
        _stack.ExpectNothing();
    }

    [Fact]
    public void Segments_are_no_larger_than_the_peer_wants()
    {
        var (connection, peer) = _stack.Accept(Segment.MssOption(500));
        _ = connection.WriteAsync(new byte[1200]);
        Assert.Equal([500, 500, 200], [peer.Take().Data.Length, peer.Take().Data.Length, peer.Take().Data.Length]);
    }

    [Fact]
    public void A_closed_window_is_probed_and_an_opened_one_is_used()
    {
        var (connection, peer) = _stack.Accept(window: 0);
        _ = connection.WriteAsync(new byte[3000]);
        _stack.ExpectNothing();
        for (var i = 0; i < 5; i++)
        {
            _stack.Pass(TimeSpan.FromSeconds(70));
            var probe = _stack.Next();
            Assert.Equal((peer.AckNumber - 1, 0), (probe.Seq, probe.Data.Length));
            _stack.Forget();
            peer.Send();
        }

        peer.Window = 65_535;
        peer.Send();
        Assert.Equal(1240, peer.Take().Data.Length);
    }

    [Fact]
    public void A_full_buffer_closes_the_window_and_reading_opens_it()
    {
        var (connection, peer) = _stack.Accept(connection: new TcpConnectionOptions { MaxReceiveBuffer = 16 * 1024 });
        for (var i = 0; i < 16; i++)
        {
            peer.Send(data: new byte[1024]);
        }

        _stack.Pass(TimeSpan.FromSeconds(1));
        _stack.Forget();
        _stack.Receive(peer.Segment(data: [1]));
        Assert.Equal((0, peer.Seq), (_stack.Next().Window, peer.Seq));
        Assert.Equal(16 * 1024, ReadNow(connection, 20_000));
        var update = _stack.Next();
        Assert.True(update.Window > 0);
    }

    [Fact]
    public void Nagle_holds_small_segments_back_only_when_asked_to()
    {
        var (connection, peer) = _stack.Accept(connection: new TcpConnectionOptions { NoDelay = false });
        _ = connection.WriteAsync("a"u8.ToArray());
        Assert.Single(peer.Take().Data);
        _ = connection.WriteAsync("b"u8.ToArray());
        _ = connection.WriteAsync("c"u8.ToArray());
        _stack.ExpectNothing();
        peer.Send();
        Assert.Equal("bc"u8, peer.Take().Data);
    }

    [Fact]
    public void Sacked_segments_are_not_sent_again_and_the_missing_one_is_at_once()
    {
        var (connection, peer) = _stack.Accept();
        _ = connection.WriteAsync(new byte[10 * 1240]);
        var sent = Enumerable.Range(0, 10).Select(_ => _stack.Next()).ToList();
        _stack.Pass(TimeSpan.FromMilliseconds(5));
        peer.Send(options: Segment.SackOption((sent[1].Seq, sent[5].Seq)));
        _stack.Pass(TimeSpan.FromMilliseconds(5));
        var repeated = _stack.Next();
        Assert.Equal(sent[0].Seq, repeated.Seq);
        _stack.ExpectNothing();
    }

    [Fact]
    public void Three_duplicates_repeat_the_first_segment_for_a_peer_without_SACK()
    {
        var (connection, peer) = _stack.Accept(Segment.MssOption(1240));
        _ = connection.WriteAsync(new byte[10 * 1240]);
        var first = _stack.Next();
        _stack.Forget();
        _stack.Receive(peer.Segment(), peer.Segment());
        _stack.ExpectNothing();
        peer.Send();
        Assert.Equal(first.Seq, _stack.Next().Seq);
    }

    /// <summary>Whoever hands packets over may be held up in the middle of a batch, and the clock goes on.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_timer_that_is_due_before_the_end_of_a_batch_knows_what_the_batch_has_acknowledged(int unacknowledged)
    {
        var (connection, peer) = _stack.Accept();
        for (var i = 0; i < 3; i++)
        {
            _ = connection.WriteAsync(new byte[1240 - 20]).AsTask();
            peer.Take();
        }

        var acknowledgement = peer.Segment();
        _stack.Stack.Receive((acknowledgement with { AckNumber = acknowledgement.AckNumber - (uint)unacknowledged }).ToPacket());
        _stack.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(unacknowledged > 0, _stack.SentCount > 0);
        _stack.Forget();
        _stack.Stack.EndOfBatch();
        _stack.Pass(TimeSpan.Zero);
        _stack.ExpectNothing();
        Assert.False(connection.Closed.IsCompleted);
    }

    [Fact]
    public void Silence_is_answered_by_a_probe_then_by_timeouts_that_double()
    {
        var (connection, peer) = _stack.Accept();
        _ = connection.WriteAsync(new byte[1240]);
        var first = _stack.Next();
        var times = new List<long>();
        for (var i = 0; i < 40_000 && times.Count < 6; i++)
        {
            _stack.Pass(TimeSpan.FromMilliseconds(1));
            while (_stack.SentCount > 0)
            {
                Assert.Equal(first.Seq, _stack.Next().Seq);
                times.Add(_stack.World.Time.Now);
            }
        }

        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
        for (var i = 1; i < gaps.Count; i++)
        {
            Assert.InRange(gaps[i], gaps[i - 1] * 1.8, gaps[i - 1] * 2.2);
        }

        _ = peer;
    }

    [Fact]
    public void Data_that_is_never_acknowledged_ends_the_connection_after_the_user_timeout()
    {
        var (connection, _) = _stack.Accept(connection: new TcpConnectionOptions { UserTimeout = TimeSpan.FromSeconds(20) });
        _ = connection.WriteAsync(new byte[100]);
        var reading = connection.ReadAsync(new byte[1]).AsTask();
        _stack.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(SocketError.TimedOut, ErrorOf(reading));
        Assert.Equal(0, _stack.World.Time.ArmedTimers);
    }

    [Fact]
    public void A_peer_that_is_gone_is_noticed_by_keep_alive_and_one_that_answers_is_kept()
    {
        var options = new TcpConnectionOptions { KeepAliveTime = TimeSpan.FromSeconds(30), KeepAliveInterval = TimeSpan.FromSeconds(5), KeepAliveProbes = 3 };
        var (connection, peer) = _stack.Accept(connection: options);
        var reading = connection.ReadAsync(new byte[1]).AsTask();
        _stack.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal(peer.AckNumber - 1, _stack.Next().Seq);
        peer.Send();
        _stack.Pass(TimeSpan.FromSeconds(29));
        _stack.ExpectNothing();
        _stack.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _stack.SentCount);
        _stack.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(SocketError.TimedOut, ErrorOf(reading));
    }

    [Fact]
    public void The_peer_ends_then_we_do_and_nothing_is_left()
    {
        var (connection, peer) = _stack.Accept();
        peer.Send(Segment.Ack | Segment.Fin, [1, 2]);
        Assert.Equal(peer.Seq, _stack.Next().AckNumber);
        Assert.Equal(2, ReadNow(connection));
        Assert.Equal(0, ReadNow(connection));
        _ = connection.WriteAsync(new byte[] { 9 });
        connection.CloseWrite();
        Assert.Equal([9], peer.Take().Data);
        Assert.True(peer.Take().Has(Segment.Fin));
        peer.Send();
        Assert.True(connection.Closed.IsCompleted);
        Assert.Equal(0, _stack.Stack.Tcp.FlowCount);
    }

    [Fact]
    public void We_end_then_the_peer_does_and_the_flow_waits_out_its_time()
    {
        var (connection, peer) = _stack.Accept();
        connection.CloseWrite();
        Assert.True(peer.Take().Has(Segment.Fin));
        peer.Send();
        peer.Send(data: [1]);
        Assert.Equal(1, ReadNow(connection));
        _stack.Forget();
        peer.Send(Segment.Ack | Segment.Fin);
        Assert.Equal(peer.Seq, _stack.Next().AckNumber);
        Assert.True(connection.Closed.IsCompleted);
        Assert.Equal(1, _stack.Stack.Tcp.TimeWait.Count);

        // The last acknowledgement was lost: the FIN comes again.
        _stack.Receive(peer.Segment(Segment.Ack | Segment.Fin) with { Seq = peer.Seq - 1 });
        Assert.Equal(peer.Seq, _stack.Next().AckNumber);
        _stack.Receive(peer.Segment(Segment.Rst));
        Assert.Equal(1, _stack.Stack.Tcp.FlowCount);
        _stack.Pass(TimeSpan.FromSeconds(125));
        Assert.Equal((0, 0), (_stack.Stack.Tcp.FlowCount, _stack.Stack.Tcp.TimeWait.Count));
        Assert.Equal(0, _stack.World.Time.ArmedTimers);
    }

    [Fact]
    public void Both_sides_may_close_at_once()
    {
        var (connection, peer) = _stack.Accept();
        connection.CloseWrite();
        var fin = _stack.Next();
        Assert.True(fin.Has(Segment.Fin));
        peer.Send(Segment.Ack | Segment.Fin);
        Assert.Equal(peer.Seq, _stack.Next().AckNumber);
        Assert.Equal(TcpState.Closing, connection.Block.State);
        peer.AckNumber = fin.Seq + 1;
        peer.Send();
        Assert.Equal(TcpState.TimeWait, connection.Block.State);
    }

    [Fact]
    public void A_new_connection_may_take_the_place_of_one_in_TIME_WAIT()
    {
        var (connection, peer) = _stack.Accept();
        connection.CloseWrite();
        peer.Take();
        peer.Send();
        peer.Send(Segment.Ack | Segment.Fin);
        _stack.Forget();
        using var listener = _stack.Stack.ListenTcp(new IPEndPoint(IPAddress.Parse(StackUnderTest.Address), StackUnderTest.Port));
        _stack.Receive(new Segment { Seq = peer.Seq - 10, Flags = Segment.Syn });
        Assert.False(_stack.Next().Has(Segment.Syn));
        _stack.Receive(new Segment { Seq = peer.Seq + 10, Flags = Segment.Syn });
        var answer = _stack.Next();
        Assert.Equal((Segment.Syn | Segment.Ack, peer.Seq + 11), (answer.Flags, answer.AckNumber));
    }

    [Fact]
    public void Disposing_with_unread_data_resets_and_without_ends_in_peace()
    {
        var (connection, peer) = _stack.Accept();
        peer.Send(data: [1]);
        _stack.Forget();
        connection.Dispose();
        Assert.True(_stack.Next().Has(Segment.Rst));
        Assert.Equal(0, _stack.Stack.Tcp.FlowCount);

        (connection, peer) = _stack.Accept();
        _ = connection.WriteAsync(new byte[] { 7 });
        connection.Dispose();
        Assert.Equal([7], peer.Take().Data);
        Assert.True(peer.Take().Has(Segment.Fin));

        // Nobody will read what comes now.
        peer.Send(data: [1]);
        Assert.True(_stack.Next().Has(Segment.Rst));
    }

    [Fact]
    public void A_disposed_connection_whose_peer_never_ends_goes_after_a_minute()
    {
        var (connection, peer) = _stack.Accept();
        connection.Dispose();
        peer.Take();
        peer.Send();
        Assert.Equal(TcpState.FinWait2, connection.Block.State);
        _stack.Pass(TimeSpan.FromSeconds(61));
        Assert.Equal(0, _stack.Stack.Tcp.FlowCount);
    }

    [Fact]
    public void An_ICMP_error_counts_only_if_it_quotes_what_is_in_flight()
    {
        var (connection, peer) = _stack.Accept();
        _ = connection.WriteAsync(new byte[5 * 1240]);
        var sent = _stack.Next();
        _stack.Forget();
        _stack.Receive(TooBig(sent with { Seq = sent.Seq - 100_000 }, 600));
        _stack.ExpectNothing();
        _stack.Receive(Unreachable(sent, code: 3));
        _stack.ExpectNothing();
        Assert.False(connection.Closed.IsCompleted);
        _stack.Receive(TooBig(sent, 600));
        var smaller = _stack.Next();
        Assert.Equal((sent.Seq, 560), (smaller.Seq, smaller.Data.Length));
        Assert.Equal(600, _stack.Stack.Services.Paths.MtuTo(Fairlead.Tailnet.Netstack.Ip.IpAddress.From(IPAddress.Parse(StackUnderTest.PeerAddress)), 1280));
        _ = peer;
    }

    [Fact]
    public void An_unreachable_port_refuses_a_connection_being_opened()
    {
        var connecting = _stack.Stack.ConnectTcpAsync(new IPEndPoint(IPAddress.Parse(StackUnderTest.PeerAddress), 443)).AsTask();
        var syn = _stack.Next();
        _stack.Receive(Unreachable(syn with { Seq = syn.Seq + 1 }, code: 3));
        Assert.False(connecting.IsCompleted);
        _stack.Receive(Unreachable(syn, code: 3));
        Assert.True(connecting.IsFaulted);
    }

    [Fact]
    public void A_removed_address_ends_its_connections()
    {
        var (connection, _) = _stack.Accept();
        var reading = connection.ReadAsync(new byte[1]).AsTask();
        _stack.Stack.RemoveAddress(IPAddress.Parse(StackUnderTest.Address));
        _stack.Pass(TimeSpan.Zero);
        Assert.Equal(SocketError.AddressNotAvailable, ErrorOf(reading));
        Assert.True(_stack.Next().Has(Segment.Rst));
    }

    private static byte[] TooBig(Segment quoted, ushort mtu) =>
        IpV4.Packet("100.64.0.77", StackUnderTest.Address, 1, IpV4.Icmp(3, 4, mtu, quoted.ToPacket()[..28]));

    private static byte[] Unreachable(Segment quoted, byte code) =>
        IpV4.Packet("100.64.0.77", StackUnderTest.Address, 1, IpV4.Icmp(3, code, 0, quoted.ToPacket()[..28]));

    private static (int Flags, uint AckNumber) Summary(Segment segment) => (segment.Flags, segment.AckNumber);

    private static int ReadNow(TcpConnection connection, int size = 100)
    {
        var reading = connection.ReadAsync(new byte[size]);
        Assert.True(reading.IsCompleted);
        return reading.Result;
    }

    private static SocketError ErrorOf(Task task)
    {
        Assert.True(task.IsFaulted);
        return Assert.IsType<SocketException>(Assert.IsType<IOException>(task.Exception!.InnerException).InnerException).SocketErrorCode;
    }
}
