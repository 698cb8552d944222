using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Tests.Netstack.Crafted;

namespace Fairlead.Tailnet.Tests.Netstack;

/// <summary>Connections and flows that handlers take for other hosts: one peer must not take what others need.</summary>
public sealed class ForwardingTests
{
    private const string Greedy = "100.64.0.66";
    private const string Modest = "100.64.0.9";

    private static readonly IPEndPoint Behind = IPEndPoint.Parse("10.1.2.3:443");

    private readonly StackUnderTest _stack = new();
    private readonly List<TcpConnection> _connections = [];
    private readonly List<UdpSocket> _flows = [];

    public ForwardingTests()
    {
        _stack.Stack.AcceptsAnyDestination = true;
        _stack.Stack.TcpFallback = (_, local) => local.Port == Behind.Port ? TcpFlowVerdict.Accept(_connections.Add) : TcpFlowVerdict.Reject;
        _stack.Stack.UdpFallback = (_, _) => UdpFlowVerdict.Accept(_flows.Add);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void Floods_of_SYNs_keep_no_other_peer_out_and_take_bounded_memory(int peers)
    {
        for (var i = 0; i < 5000; i++)
        {
            SendSyn(new IPEndPoint(new IPAddress([100, 64, 1, (byte)(i % peers)]), 1 + i), options: []);
            _stack.Forget();
        }

        Assert.InRange(_stack.Stack.Tcp.FlowCount, 1, NetworkStackOptions.Default.MaxForwardedHandshakes);

        Complete(IPEndPoint.Parse($"{Modest}:5000"));
        Assert.Equal(Modest, Assert.Single(_connections).RemoteEndPoint.Address.ToString());
    }

    [Fact]
    public void One_peer_leaves_others_as_much_of_the_memory_for_handshakes()
    {
        for (var port = 1; port <= 5000; port++)
        {
            SendSyn(IPEndPoint.Parse($"{Greedy}:{port}"), options: []);
            _stack.Forget();
        }

        Assert.Equal(NetworkStackOptions.Default.MaxForwardedHandshakes / 2, _stack.Stack.Tcp.FlowCount);

        // Half-open ones are given up in time, and so is what they took.
        _stack.Pass(TimeSpan.FromMinutes(3));
        Assert.Equal(0, _stack.Stack.Tcp.FlowCount);
    }

    [Fact]
    public void A_handshake_beyond_the_share_goes_on_without_memory()
    {
        for (var port = 1; port <= 2000; port++)
        {
            SendSyn(IPEndPoint.Parse($"{Greedy}:{port}"), options: []);
            _stack.Forget();
        }

        Complete(IPEndPoint.Parse($"{Greedy}:3000"), data: [1, 2, 3]);

        var buffer = new byte[10];
        var reading = Assert.Single(_connections).ReadAsync(buffer, TestContext.Current.CancellationToken);
        Assert.True(reading.IsCompleted);
        Assert.Equal(Behind, _connections[0].LocalEndPoint);

        // A made-up acknowledgement is no cookie.
        _stack.Receive(new Segment { Seq = 7001, AckNumber = 999, Flags = Segment.Ack, From = IPEndPoint.Parse($"{Greedy}:4444"), To = Behind });
        Assert.True(_stack.Next().Has(Segment.Rst));
        Assert.Single(_connections);
    }

    [Fact]
    public void A_handler_that_changed_its_mind_refuses_what_a_cookie_brings_back()
    {
        for (var port = 1; port <= 2000; port++)
        {
            SendSyn(IPEndPoint.Parse($"{Greedy}:{port}"), options: []);
            _stack.Forget();
        }

        SendSyn(IPEndPoint.Parse($"{Greedy}:3000"), options: []);
        var answer = _stack.Next();
        _stack.Stack.TcpFallback = (_, _) => TcpFlowVerdict.Reject;
        _stack.Receive(new Segment { Seq = 7001, AckNumber = answer.Seq + 1, Flags = Segment.Ack, From = IPEndPoint.Parse($"{Greedy}:3000"), To = Behind });

        Assert.True(_stack.Next().Has(Segment.Rst));
        Assert.Empty(_connections);
    }

    [Fact]
    public void Who_begins_many_flows_loses_its_own_older_ones()
    {
        SendDatagram(Modest, 1);
        for (var port = 1; port <= 5000; port++)
        {
            SendDatagram(Greedy, port);
        }

        SendDatagram(Modest, 2);

        var open = _flows.Where(IsOpen).ToArray();
        Assert.Equal(2, open.Count(flow => flow.RemoteEndPoint!.Address.ToString() == Modest));
        Assert.InRange(open.Length, 100, NetworkStackOptions.Default.MaxForwardedUdpFlows);
        Assert.Contains(open, flow => flow.RemoteEndPoint!.Port == 5000);
    }

    [Fact]
    public void A_flow_in_use_outlives_those_that_are_not()
    {
        for (var port = 1; port <= 5000; port++)
        {
            SendDatagram(Greedy, port);
            SendDatagram(Greedy, 1);
        }

        Assert.Single(_flows, flow => flow.RemoteEndPoint!.Port == 1 && IsOpen(flow));
    }

    [Fact]
    public void Places_given_back_can_be_taken_again()
    {
        for (var round = 0; round < 5; round++)
        {
            for (var port = 1; port <= 400; port++)
            {
                SendDatagram(Greedy, port);
            }

            Assert.Equal(400, _flows.Count(IsOpen));
            _flows.ForEach(flow => flow.Dispose());
            _flows.Clear();
        }
    }

    [Fact]
    public void A_receive_into_an_empty_buffer_waits_for_a_datagram_and_leaves_it()
    {
        SendDatagram(Modest, 1);
        var flow = Assert.Single(_flows);

        Assert.Equal(0, flow.ReceiveAsync(Memory<byte>.Empty, TestContext.Current.CancellationToken).Result.Length);
        Assert.Equal(3, flow.ReceiveAsync(new byte[10], TestContext.Current.CancellationToken).Result.Length);
        var waiting = flow.ReceiveAsync(Memory<byte>.Empty, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        SendDatagram(Modest, 1);
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    private static bool IsOpen(UdpSocket flow)
    {
        try
        {
            flow.Send([]);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void SendSyn(IPEndPoint from, byte[] options) =>
        _stack.Receive(new Segment { Seq = 7000, Flags = Segment.Syn, From = from, To = Behind, Options = options });

    private void Complete(IPEndPoint from, byte[]? data = null)
    {
        byte[] options = [.. Segment.MssOption(1240), .. Segment.SackPermittedOption(), .. Segment.TimestampOption(500, 0), .. Segment.ScaleOption(6)];
        SendSyn(from, options);
        var answer = _stack.Next();
        Assert.Equal(Segment.Syn | Segment.Ack, answer.Flags);
        var echo = Segment.TimestampOption(501, answer.Timestamps!.Value.Value);
        _stack.Receive(new Segment { Seq = 7001, AckNumber = answer.Seq + 1, Flags = Segment.Ack | Segment.Psh, From = from, To = Behind, Options = echo, Data = data ?? [] });
        _stack.Forget();
    }

    private void SendDatagram(string from, int port) => _stack.Receive(IpV4.Udp(from, port, "10.1.2.3", 53, [1, 2, 3]));
}
