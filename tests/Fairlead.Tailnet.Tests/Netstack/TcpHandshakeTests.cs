using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Tests.Netstack.Crafted;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class TcpHandshakeTests
{
    private readonly StackUnderTest _stack = new();

    [Fact]
    public void A_segment_to_a_closed_port_is_reset_as_RFC_9293_says()
    {
        _stack.Receive(new Segment { Seq = 100, Flags = Segment.Syn });
        var reset = _stack.Next();
        Assert.Equal((Segment.Rst | Segment.Ack, 0u, 101u), (reset.Flags, reset.Seq, reset.AckNumber));

        _stack.Receive(new Segment { Seq = 100, AckNumber = 555, Flags = Segment.Ack, Data = [1, 2, 3] });
        reset = _stack.Next();
        Assert.Equal((Segment.Rst, 555u), (reset.Flags, reset.Seq));

        _stack.Receive(new Segment { Seq = 100, Flags = Segment.Rst });
        _stack.ExpectNothing();
    }

    [Fact]
    public void A_damaged_segment_is_not_answered()
    {
        _stack.Receive(new Segment { Seq = 100, Flags = Segment.Syn, BreakChecksum = true });
        _stack.ExpectNothing();
    }

    [Fact]
    public void Options_are_used_only_if_the_peer_offers_them()
    {
        using var listener = Listen();
        _stack.Receive(new Segment { Seq = 1, Flags = Segment.Syn });
        var plain = _stack.Next();
        Assert.Equal((ushort)1240, plain.Mss);
        Assert.Null(plain.WindowScale);
        Assert.Null(plain.Timestamps);
        Assert.False(plain.SackPermitted);

        byte[] options = [.. Segment.MssOption(1400), .. Segment.SackPermittedOption(), .. Segment.TimestampOption(77, 0), .. Segment.ScaleOption(3)];
        _stack.Receive(new Segment { Seq = 1, Flags = Segment.Syn, Options = options, From = new IPEndPoint(IPAddress.Parse("100.64.0.9"), 1234) });
        var full = _stack.Next();
        Assert.NotNull(full.WindowScale);
        Assert.True(full.SackPermitted);
        Assert.Equal(77u, full.Timestamps!.Value.Echo);
    }

    [Fact]
    public void A_repeated_SYN_is_answered_again_and_a_lost_answer_is_repeated()
    {
        using var listener = Listen();
        var syn = new Segment { Seq = 1, Flags = Segment.Syn };
        _stack.Receive(syn);
        var first = _stack.Next();
        _stack.Receive(syn);
        Assert.Equal(first.Seq, _stack.Next().Seq);
        _stack.Pass(TimeSpan.FromSeconds(1.1));
        Assert.Equal((first.Seq, Segment.Syn | Segment.Ack), (_stack.Next().Seq, first.Flags));
        _stack.Pass(TimeSpan.FromMinutes(3));
        _stack.Forget();
        Assert.Equal(0, _stack.Stack.Tcp.FlowCount);
        Assert.Equal(0, _stack.World.Time.ArmedTimers);
    }

    [Fact]
    public void An_acknowledgement_of_something_else_is_reset()
    {
        using var listener = Listen();
        _stack.Receive(new Segment { Seq = 1, Flags = Segment.Syn });
        var answer = _stack.Next();
        _stack.Receive(new Segment { Seq = 2, AckNumber = answer.Seq + 5, Flags = Segment.Ack });
        var reset = _stack.Next();
        Assert.Equal((Segment.Rst, answer.Seq + 5), (reset.Flags & Segment.Rst, reset.Seq));
    }

    [Fact]
    public void A_refused_connection_says_so()
    {
        var (connecting, syn) = Connect();
        _stack.Receive(Answer(syn, Segment.Rst | Segment.Ack, syn.Seq + 1));
        Assert.Equal(SocketError.ConnectionRefused, ErrorOf(connecting));
    }

    [Fact]
    public void A_reset_that_does_not_know_our_number_is_ignored_while_connecting()
    {
        var (connecting, syn) = Connect();
        _stack.Receive(Answer(syn, Segment.Rst | Segment.Ack, syn.Seq + 2));
        _stack.Receive(Answer(syn, Segment.Rst, 0));
        _stack.ExpectNothing();
        Assert.False(connecting.IsCompleted);
    }

    [Fact]
    public void A_peer_that_never_answers_is_a_timeout_after_some_repetitions()
    {
        var (connecting, _) = Connect();
        _stack.Pass(TimeSpan.FromSeconds(74));
        Assert.InRange(_stack.SentCount, 4, 8);
        Assert.False(connecting.IsCompleted);
        _stack.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(SocketError.TimedOut, ErrorOf(connecting));
        Assert.Equal(0, _stack.World.Time.ArmedTimers);
    }

    [Fact]
    public void A_cancelled_connect_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var connecting = _stack.Stack.ConnectTcpAsync(Peer, cancellationToken: cancellation.Token).AsTask();
        cancellation.Cancel();
        _stack.Pass(TimeSpan.Zero);
        Assert.True(connecting.IsCanceled);
        Assert.Equal(0, _stack.Stack.Tcp.FlowCount);
    }

    [Fact]
    public void Both_sides_may_open_at_once()
    {
        var (connecting, syn) = Connect();
        _stack.Receive(Answer(syn, Segment.Syn, 0) with { Seq = 5000 });
        var answer = _stack.Next();
        Assert.Equal((Segment.Syn | Segment.Ack, syn.Seq, 5001u), (answer.Flags, answer.Seq, answer.AckNumber));
        _stack.Receive(Answer(syn, Segment.Syn | Segment.Ack, syn.Seq + 1) with { Seq = 5000 });
        Assert.True(connecting.IsCompletedSuccessfully);
        var acknowledgement = _stack.Next();
        Assert.Equal((Segment.Ack, syn.Seq + 1, 5001u), (acknowledgement.Flags, acknowledgement.Seq, acknowledgement.AckNumber));
    }

    [Fact]
    public void Initial_numbers_cannot_be_told_from_one_another_and_advance_with_time()
    {
        using var listener = Listen();
        var numbers = new List<uint>();
        for (var port = 1; port <= 100; port++)
        {
            _stack.Receive(new Segment { Seq = 1, Flags = Segment.Syn, From = new IPEndPoint(IPAddress.Parse("100.64.0.9"), port) });
            numbers.Add(_stack.Next().Seq);
        }

        Assert.Equal(100, numbers.Distinct().Count());
        Assert.InRange(numbers.Count(number => number > uint.MaxValue / 2), 25, 75);
    }

    [Fact]
    public void A_flood_of_SYNs_takes_bounded_memory_and_lets_others_through()
    {
        using var listener = Listen();
        Flood(20_000);

        Assert.Equal(TcpListenOptions.Default.HandshakeBacklog, _stack.Stack.Tcp.FlowCount);

        var accepting = listener.AcceptAsync().AsTask();
        byte[] options = [.. Segment.MssOption(1240), .. Segment.SackPermittedOption(), .. Segment.TimestampOption(500, 0), .. Segment.ScaleOption(6)];
        _stack.Receive(new Segment { Seq = 7000, Flags = Segment.Syn, Options = options });
        var answer = _stack.Next();
        var echo = Segment.TimestampOption(501, answer.Timestamps!.Value.Value);
        _stack.Receive(new Segment { Seq = 7001, AckNumber = answer.Seq + 1, Flags = Segment.Ack | Segment.Psh, Options = echo, Data = [1, 2, 3] });
        Assert.True(accepting.IsCompleted);
        var buffer = new byte[10];
        var reading = accepting.Result.ReadAsync(buffer);
        Assert.True(reading.IsCompleted);
        Assert.Equal(3, reading.Result);

        // A made-up acknowledgement is no cookie.
        _stack.Forget();
        _stack.Receive(new Segment { Seq = 7001, AckNumber = answer.Seq + 999, Flags = Segment.Ack, From = new IPEndPoint(IPAddress.Parse("100.64.0.9"), 4444) });
        Assert.True(_stack.Next().Has(Segment.Rst));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(400)]
    [InlineData(535)]
    [InlineData(1239)]
    public void A_peer_of_small_segments_gets_none_too_large_after_a_flood(ushort mss)
    {
        using var listener = Listen();
        Flood(TcpListenOptions.Default.HandshakeBacklog);
        var accepting = listener.AcceptAsync().AsTask();
        _stack.Receive(new Segment { Seq = 7000, Flags = Segment.Syn, Options = Segment.MssOption(mss) });
        _stack.Receive(new Segment { Seq = 7001, AckNumber = _stack.Next().Seq + 1, Flags = Segment.Ack });
        Assert.True(accepting.IsCompleted);

        _ = accepting.Result.WriteAsync(new byte[4000]);

        Assert.True(_stack.SentCount > 0);
        while (_stack.SentCount > 0)
        {
            Assert.InRange(_stack.Next().Data.Length, 1, mss);
        }
    }

    [Fact]
    public void A_connection_by_cookie_repeats_what_was_lost_within_a_second_however_old_the_stack()
    {
        _stack.Pass(TimeSpan.FromHours(1));
        using var listener = _stack.Stack.ListenTcp(new IPEndPoint(IPAddress.Parse(StackUnderTest.Address), 80), new TcpListenOptions { HandshakeBacklog = 0 });
        var accepting = listener.AcceptAsync().AsTask();
        byte[] options = [.. Segment.MssOption(1240), .. Segment.SackPermittedOption(), .. Segment.TimestampOption(500, 0), .. Segment.ScaleOption(6)];
        _stack.Receive(new Segment { Seq = 7000, Flags = Segment.Syn, Options = options });
        var answer = _stack.Next();
        Assert.Equal(1, _stack.Stack.Tcp.Statistics.Cookies);
        var peer = new CraftedPeer(_stack, answer.Seq + 1, 7001);
        peer.Send(options: Segment.TimestampOption(501, answer.Timestamps!.Value.Value));
        Assert.True(accepting.IsCompleted);

        _ = accepting.Result.WriteAsync(new byte[] { 1, 2, 3 });
        var lost = _stack.Next();
        _stack.Pass(TimeSpan.FromSeconds(1.1));

        Assert.Equal(lost.Data, peer.Take().Data);
    }

    [Fact]
    public void Connections_wait_to_be_accepted_only_up_to_the_bound()
    {
        using var listener = _stack.Stack.ListenTcp(new IPEndPoint(IPAddress.Parse(StackUnderTest.Address), 80), new TcpListenOptions { AcceptBacklog = 2 });
        for (var port = 1; port <= 5; port++)
        {
            var from = new IPEndPoint(IPAddress.Parse("100.64.0.9"), port);
            _stack.Receive(new Segment { Seq = 1, Flags = Segment.Syn, From = from });
            if (_stack.SentCount > 0)
            {
                _stack.Receive(new Segment { Seq = 2, AckNumber = _stack.Next().Seq + 1, Flags = Segment.Ack, From = from });
            }
        }

        Assert.Equal(2, _stack.Stack.Tcp.FlowCount);
    }

    [Fact]
    public void A_closed_listener_resets_what_was_not_accepted_and_refuses_the_rest()
    {
        var listener = Listen();
        _stack.Receive(new Segment { Seq = 1, Flags = Segment.Syn });
        _stack.Receive(new Segment { Seq = 2, AckNumber = _stack.Next().Seq + 1, Flags = Segment.Ack });
        listener.Dispose();
        Assert.True(_stack.Next().Has(Segment.Rst));
        _stack.Receive(new Segment { Seq = 1, Flags = Segment.Syn });
        Assert.True(_stack.Next().Has(Segment.Rst));
    }

    private void Flood(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _stack.Receive(new Segment
            {
                Seq = (uint)i,
                Flags = Segment.Syn,
                Options = Segment.MssOption(1240),
                From = new IPEndPoint(new IPAddress(new byte[] { 10, 0, (byte)(i >> 8), (byte)i }), 1000),
            });
            _stack.Next();
        }
    }

    private static IPEndPoint Peer => new(IPAddress.Parse(StackUnderTest.PeerAddress), 443);

    private static SocketError ErrorOf(Task<TcpConnection> connecting)
    {
        Assert.True(connecting.IsFaulted);
        return Assert.IsType<SocketException>(Assert.IsType<IOException>(connecting.Exception.InnerException).InnerException).SocketErrorCode;
    }

    private static Segment Answer(Segment to, int flags, uint ackNumber) => new() { From = to.To, To = to.From, Flags = flags, AckNumber = ackNumber };

    private TcpPortListener Listen() => _stack.Stack.ListenTcp(new IPEndPoint(IPAddress.Parse(StackUnderTest.Address), 80));

    private (Task<TcpConnection> Connecting, Segment Syn) Connect()
    {
        var connecting = _stack.Stack.ConnectTcpAsync(Peer).AsTask();
        var syn = _stack.Next();
        Assert.Equal(Segment.Syn, syn.Flags);
        return (connecting, syn);
    }
}
