using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Transport;

public sealed class UdpTransportTests
{
    private static readonly UdpTransportOptions Loopback = new() { IPv4 = IPAddress.Loopback, IPv6 = IPAddress.IPv6Loopback };

    public static TheoryData<UdpBatching, bool> Ways =>
        new MatrixTheoryData<UdpBatching, bool>([UdpBatching.Automatic, UdpBatching.WithoutOffload, UdpBatching.None], [false, true]);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_batch_arrives_as_its_datagrams_and_in_order(UdpBatching batching, bool ipv6)
    {
        const int Size = 1312;
        using var sender = new UdpTransport(Loopback with { Batching = batching });
        using var receiver = new UdpTransport(Loopback with { Batching = batching });
        var received = new RecordingReceiver();
        receiver.Start(received);
        var batch = new byte[(130 * Size) + 17];
        new Random(1).NextBytes(batch);

        sender.Send(To(receiver, ipv6), batch, Size);

        var datagrams = await received.WaitForAsync(131);
        Assert.Equal(batch, datagrams.SelectMany(entry => entry.Datagram));
        Assert.Equal(17, datagrams[130].Datagram.Length);
        Assert.All(datagrams, entry => Assert.Equal(To(sender, ipv6), entry.From));
        Assert.Equal(131, sender.Statistics.SentDatagrams);
        Assert.Equal(131, receiver.Statistics.ReceivedDatagrams);
        Assert.Equal(batch.Length, receiver.Statistics.ReceivedBytes);
    }

    [Fact]
    public async Task A_batch_takes_few_system_calls_where_the_kernel_offloads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Segmentation offload is a feature of Linux.");
        using var sender = new UdpTransport(Loopback);
        using var receiver = new UdpTransport(Loopback);
        var received = new RecordingReceiver();
        receiver.Start(received);

        sender.Send(To(receiver, ipv6: false), new byte[100 * 1000], 1000);

        await received.WaitForAsync(100);
        Assert.Equal(2, sender.Statistics.SendCalls);
        Assert.InRange(receiver.Statistics.ReceiveCalls, 1, 2);
    }

    [Theory]
    [InlineData(UdpBatching.Automatic)]
    [InlineData(UdpBatching.None)]
    public async Task The_largest_and_the_smallest_datagram_arrive(UdpBatching batching)
    {
        // Without batching, a buffer is as long as a jumbo frame.
        var largest = batching == UdpBatching.None ? 9216 : 65_507;
        using var sender = new UdpTransport(Loopback with { Batching = batching });
        using var receiver = new UdpTransport(Loopback with { Batching = batching });
        var received = new RecordingReceiver();
        receiver.Start(received);

        sender.Send(To(receiver, ipv6: false), new byte[largest], largest);
        sender.Send(To(receiver, ipv6: false), [7], 1);

        Assert.Equal([largest, 1], (await received.WaitForAsync(2)).Select(entry => entry.Datagram.Length));
    }

    [Fact]
    public void What_cannot_be_sent_is_dropped_and_counted()
    {
        using var transport = new UdpTransport(Loopback with { IPv6 = null });

        transport.Send(PathAddress.Direct(UdpAddress.From(IPAddress.IPv6Loopback, 9)), new byte[30], 10);
        transport.Send(PathAddress.Relayed(1, new NodePublicKey(new PublicKey(new byte[32]))), new byte[30], 10);
        transport.Send(PathAddress.Direct(UdpAddress.From(IPAddress.Parse("192.0.2.1"), 9)), new byte[65_508], 65_508);

        Assert.Equal(7, transport.Statistics.DroppedDatagrams);
        Assert.False(transport.HasIPv6);
    }

    [Fact]
    public void Both_families_are_on_the_port_that_was_wished_for()
    {
        ushort port;
        using (var probe = new UdpTransport(Loopback))
        {
            port = probe.Port;
        }

        using var transport = new UdpTransport(Loopback with { Port = port });

        Assert.Equal(port, transport.Port);
        Assert.True(transport is { HasIPv4: true, HasIPv6: true });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_taken_port_is_replaced_by_another_unless_it_is_required(bool ipv6)
    {
        var address = ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        using var other = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(address, 0));
        var options = Loopback with { Port = (ushort)((IPEndPoint)other.LocalEndPoint!).Port };

        using var transport = new UdpTransport(options);

        Assert.NotEqual(options.Port, transport.Port);
        Assert.True(transport is { HasIPv4: true, HasIPv6: true });
        Assert.Throws<SocketException>(() => new UdpTransport(options with { PortIsRequired = true }));
    }

    [Theory]
    [InlineData(UdpBatching.Automatic)]
    [InlineData(UdpBatching.None)]
    public async Task After_a_rebind_datagrams_go_both_ways_on_the_same_port(UdpBatching batching)
    {
        using var one = new UdpTransport(Loopback with { Batching = batching });
        using var two = new UdpTransport(Loopback with { Batching = batching });
        var atOne = new RecordingReceiver();
        var atTwo = new RecordingReceiver();
        one.Start(atOne);
        two.Start(atTwo);
        var port = one.Port;

        one.Rebind();

        Assert.Equal(port, one.Port);
        one.Send(To(two, ipv6: false), [1], 1);
        two.Send(To(one, ipv6: true), [2], 1);
        Assert.Equal([1], (await atTwo.WaitForAsync(1))[0].Datagram);
        Assert.Equal([2], (await atOne.WaitForAsync(1))[0].Datagram);
    }

    [Fact]
    public async Task A_receiver_that_throws_loses_that_datagram_only()
    {
        using var sender = new UdpTransport(Loopback);
        using var transport = new UdpTransport(Loopback);
        var received = new RecordingReceiver();
        transport.Start(new FailingOnZero(received));

        sender.Send(To(transport, ipv6: false), [1, 0, 2], 1);

        Assert.Equal([1, 2], (await received.WaitForAsync(2)).Select(entry => entry.Datagram[0]));
        Assert.Equal(1, transport.Statistics.ReceiveErrors);
    }

    [Fact]
    public void A_disposed_transport_drops_and_does_not_throw()
    {
        var transport = new UdpTransport(Loopback);
        var address = To(transport, ipv6: false);
        transport.Start(new RecordingReceiver());
        transport.Dispose();
        transport.Dispose();

        transport.Send(address, [1, 2], 1);

        Assert.Equal(2, transport.Statistics.DroppedDatagrams);
    }

    [Fact]
    public async Task Disposing_and_rebinding_while_others_send_and_receive_harms_nobody()
    {
        using var steady = new UdpTransport(Loopback);
        var received = new RecordingReceiver();
        steady.Start(received);
        var target = To(steady, ipv6: false);
        for (var round = 0; round < 20; round++)
        {
            var busy = new UdpTransport(Loopback);
            busy.Start(new RecordingReceiver());
            var back = To(busy, ipv6: false);
            using var stop = new CancellationTokenSource();
            var sending = Task.Run(
                () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        busy.Send(target, new byte[64], 16);
                        steady.Send(back, new byte[64], 16);
                    }
                },
                TestContext.Current.CancellationToken);
            await received.WaitForAsync(received.Received.Count + 4);
            busy.Rebind();
            busy.Dispose();
            await stop.CancelAsync();
            await sending;
        }

        Assert.Equal(0, steady.Statistics.ReceiveErrors);
    }

    [Fact]
    public void Sending_allocates_nothing()
    {
        using var transport = new UdpTransport(Loopback);
        using var target = new UdpTransport(Loopback);
        var address = To(target, ipv6: false);
        var batch = new byte[10 * 1000];

        // What is reached for the first time, as full buffers may be, is compiled first.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => AllocatedBySending()));

        long AllocatedBySending()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var count = 0; count < 500; count++)
            {
                transport.Send(address, batch, 1000);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static PathAddress To(UdpTransport transport, bool ipv6) =>
        PathAddress.Direct(UdpAddress.From(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, transport.Port));

    private sealed class FailingOnZero(IDatagramReceiver next) : IDatagramReceiver
    {
        public void Receive(Span<byte> datagram, in PathAddress from)
        {
            if (datagram[0] == 0)
            {
                throw new InvalidOperationException("A fault of the test's receiver.");
            }

            next.Receive(datagram, from);
        }

        public void EndOfBatch() => next.EndOfBatch();
    }
}
