using System.Buffers.Binary;
using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Tests.Filtering;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Tests.WireGuard;

/// <summary>Two devices over real sockets, with all the threads that come with them.</summary>
public sealed class WireGuardOverUdpTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Every_first_packet_arrives_at_once_whatever_else_is_sent_meanwhile()
    {
        for (var round = 0; round < 30; round++)
        {
            using var a = new End("100.64.0.1", UdpBatching.Automatic);
            using var b = new End("100.64.0.2", UdpBatching.Automatic);
            a.Connect(b);
            b.Connect(a);

            for (var count = 0; count < 50; count++)
            {
                a.Send(b, 0, count);
                a.Device.Flush();
            }

            await b.First.WaitAsync(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
            Assert.Equal(1, a.Device.Statistics.Handshakes);
        }
    }

    [Theory]
    [InlineData(UdpBatching.Automatic)]
    [InlineData(UdpBatching.WithoutOffload)]
    [InlineData(UdpBatching.None)]
    public async Task Several_threads_at_both_ends_send_and_all_arrives_once_and_whole(UdpBatching batching)
    {
        const int Threads = 3;
        const int PerThread = 3000;
        using var a = new End("100.64.0.1", batching);
        using var b = new End("100.64.0.2", batching);
        a.Connect(b);
        b.Connect(a);
        a.Send(b, Threads, 0);
        a.Device.Flush();
        await b.First.WaitAsync(Limit, TestContext.Current.CancellationToken);

        await Task.WhenAll(Enumerable.Range(0, 2 * Threads).Select(index => Task.Run(
            async () =>
            {
                var (from, to) = index % 2 == 0 ? (a, b) : (b, a);
                for (var number = 0; number < PerThread; number++)
                {
                    from.Send(to, index / 2, number);
                    if (number % 20 == 19)
                    {
                        from.Device.Flush();
                        await to.WaitForAsync(index / 2, number - 100);
                    }
                }

                from.Device.Flush();
                await to.WaitForAsync(index / 2, PerThread - 1);
            },
            TestContext.Current.CancellationToken)));

        Assert.All([a, b], end =>
        {
            Assert.Equal(0, end.Bad);
            Assert.Equal(0, end.Device.Statistics.InvalidMessages);
        });
        Assert.Equal((Threads * PerThread) + 1, b.Count);
        Assert.Equal(Threads * PerThread, a.Count);
    }

    private sealed class End : IPacketReceiver, IDisposable
    {
        private readonly UdpTransport _transport;
        private readonly string _address;
        private readonly NodePrivateKey _key = NodePrivateKey.Generate();
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private readonly Dictionary<int, int> _counts = [];
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public End(string address, UdpBatching batching)
        {
            _address = address;
            _transport = new UdpTransport(new UdpTransportOptions { IPv4 = IPAddress.Loopback, IPv6 = null, Batching = batching });
            Device = new WireGuardDevice(new WireGuardOptions { PrivateKey = _key }, this);
            _transport.Start(Device);
        }

        public WireGuardDevice Device { get; }

        public Task First => _first.Task;

        public int Bad { get; private set; }

        public int Count
        {
            get
            {
                lock (_gate)
                {
                    return _counts.Values.Sum();
                }
            }
        }

        public void Connect(End other) => Device.SetPeer(new WireGuardPeer
        {
            Key = other._key.PublicKey,
            AllowedNetworks = [IPNetwork.Parse(other._address + "/32")],
            Path = new FixedPath(_transport, PathAddress.Direct(UdpAddress.From(IPAddress.Loopback, other._transport.Port))),
        });

        /// <summary>A packet of a length and with bytes that follow from its number.</summary>
        public void Send(End to, int thread, int number)
        {
            var payload = new byte[8 + (number * 37 % 1200)];
            BinaryPrimitives.WriteInt32LittleEndian(payload, thread);
            BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), number);
            payload.AsSpan(8).Fill((byte)number);
            Device.Send(IpPackets.Packet(_address, to._address, 17, payload));
        }

        public void Receive(ReadOnlySpan<byte> packet)
        {
            var payload = packet[20..];
            var thread = BinaryPrimitives.ReadInt32LittleEndian(payload);
            var number = BinaryPrimitives.ReadInt32LittleEndian(payload[4..]);
            lock (_gate)
            {
                Bad += payload.Length == 8 + (number * 37 % 1200) && !payload[8..].ContainsAnyExcept((byte)number) ? 0 : 1;
                _counts[thread] = _counts.GetValueOrDefault(thread) + 1;
            }
        }

        public void EndOfBatch()
        {
            lock (_gate)
            {
                if (_counts.Count > 0)
                {
                    _first.TrySetResult();
                }

                _changed.TrySetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        /// <summary>Until so many packets of a thread have arrived.</summary>
        public async Task WaitForAsync(int thread, int number)
        {
            while (true)
            {
                Task changed;
                lock (_gate)
                {
                    if (_counts.GetValueOrDefault(thread) > number)
                    {
                        return;
                    }

                    changed = _changed.Task;
                }

                await changed.WaitAsync(Limit, TestContext.Current.CancellationToken);
            }
        }

        public void Dispose()
        {
            _transport.Dispose();
            Device.Dispose();
            _key.Dispose();
        }
    }

    private sealed class FixedPath(IDatagramSender sender, PathAddress to) : IPeerPath
    {
        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize) => sender.Send(to, datagrams, datagramSize);

        public void Authenticated(in PathAddress from)
        {
        }
    }
}
