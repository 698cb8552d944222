using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Tests.Filtering;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Tests.WireGuard;

public sealed class WireGuardAllocationTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(1260)]
    public void A_packet_there_and_back_allocates_nothing(int payload)
    {
        using var a = new Direct("100.64.0.1");
        using var b = new Direct("100.64.0.2");
        a.Connect(b);
        b.Connect(a);
        var forth = IpPackets.Packet("100.64.0.1", "100.64.0.2", 17, new byte[payload]);
        var back = IpPackets.Packet("100.64.0.2", "100.64.0.1", 17, new byte[payload]);
        Exchange(100);

        // A full garbage collection, which other tests may cause, trims the pool of buffers; then one is made anew.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => AllocatedBy(1000)));
        Assert.Equal(10 * 5100, b.Received);

        long AllocatedBy(int bursts)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(bursts);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Exchange(int bursts)
        {
            for (var burst = 0; burst < bursts; burst++)
            {
                for (var packet = 0; packet < 10; packet++)
                {
                    a.Device.Send(forth);
                }

                a.Device.Flush();
                b.Device.Send(back);
                b.Device.Flush();
            }
        }
    }

    /// <summary>A device whose messages arrive at the other within the call that sends them.</summary>
    private sealed class Direct : IPacketReceiver, IPeerPath, IDisposable
    {
        private static readonly PathAddress Somewhere = PathAddress.Direct(UdpAddress.From(IPAddress.Loopback, 1));

        private readonly string _address;
        private readonly NodePrivateKey _key = NodePrivateKey.Generate();
        private readonly byte[] _underWay = new byte[1 << 16];
        private Direct? _other;

        public Direct(string address)
        {
            _address = address;
            Device = new WireGuardDevice(new WireGuardOptions { PrivateKey = _key }, this);
        }

        public WireGuardDevice Device { get; }

        public int Received { get; private set; }

        public void Connect(Direct other)
        {
            _other = other;
            Device.SetPeer(new WireGuardPeer { Key = other._key.PublicKey, AllowedNetworks = [IPNetwork.Parse(other._address + "/32")], Path = this });
        }

        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize)
        {
            datagrams.CopyTo(_underWay);
            for (var start = 0; start < datagrams.Length; start += datagramSize)
            {
                _other!.Device.Receive(_underWay.AsSpan(start, Math.Min(datagramSize, datagrams.Length - start)), Somewhere);
            }

            _other!.Device.EndOfBatch();
        }

        public void Authenticated(in PathAddress from)
        {
        }

        public void Receive(ReadOnlySpan<byte> packet) => Received++;

        public void EndOfBatch()
        {
        }

        public void Dispose()
        {
            Device.Dispose();
            _key.Dispose();
        }
    }
}
