using System.Buffers.Binary;
using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Bench.Tailnet;

/// <summary>What one WireGuard device carries to another over UDP on the loopback device: everything but the network stack.</summary>
internal sealed class DeviceThroughput : ITailnetMeasurement
{
    private const int PacketsPerBurst = 49;

    public string Name => "wireguard";

    public async Task<IReadOnlyList<TailnetFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken) =>
    [
        .. await MeasureAsync("WireGuard over UDP, GSO and GRO", UdpBatching.Automatic, 1280, duration, cancellationToken).ConfigureAwait(false),
        .. await MeasureAsync("WireGuard over UDP, sendmmsg", UdpBatching.WithoutOffload, 1280, duration, cancellationToken).ConfigureAwait(false),
        .. await MeasureAsync("WireGuard over UDP, small packets", UdpBatching.Automatic, 96, duration, cancellationToken).ConfigureAwait(false),
    ];

    private static async Task<IReadOnlyList<TailnetFigure>> MeasureAsync(
        string name, UdpBatching batching, int packetSize, TimeSpan duration, CancellationToken cancellationToken)
    {
        var flow = new PacedFlow();
        using var a = new End(IPAddress.Parse("100.64.0.1"), batching, new PacedFlow());
        using var b = new End(IPAddress.Parse("100.64.0.2"), batching, flow);
        a.Connect(b);
        b.Connect(a);
        var packet = Packet(packetSize);
        var result = await flow.RunAsync(
            () =>
            {
                for (var index = 0; index < PacketsPerBurst; index++)
                {
                    a.Device.Send(packet);
                }

                a.Device.Flush();
                return PacketsPerBurst;
            },
            duration,
            cancellationToken).ConfigureAwait(false);
        return result.Figures(name, packetSize);
    }

    private static byte[] Packet(int size)
    {
        var packet = new byte[size];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)size);
        IPAddress.Parse("100.64.0.1").TryWriteBytes(packet.AsSpan(12), out _);
        IPAddress.Parse("100.64.0.2").TryWriteBytes(packet.AsSpan(16), out _);
        return packet;
    }

    private sealed class End : IPacketReceiver, IDisposable
    {
        private readonly IPAddress _address;
        private readonly PacedFlow _flow;
        private readonly UdpTransport _transport;
        private readonly NodePrivateKey _key = NodePrivateKey.Generate();
        private int _count;

        public End(IPAddress address, UdpBatching batching, PacedFlow flow)
        {
            _address = address;
            _flow = flow;
            _transport = new UdpTransport(new UdpTransportOptions { IPv4 = IPAddress.Loopback, IPv6 = null, Batching = batching });
            Device = new WireGuardDevice(new WireGuardOptions { PrivateKey = _key }, this);
            _transport.Start(Device);
        }

        public WireGuardDevice Device { get; }

        public void Connect(End other) => Device.SetPeer(new WireGuardPeer
        {
            Key = other._key.PublicKey,
            AllowedNetworks = [new IPNetwork(other._address, 32)],
            Path = new FixedPath(_transport, PathAddress.Direct(UdpAddress.From(IPAddress.Loopback, other._transport.Port))),
        });

        public void Receive(ReadOnlySpan<byte> packet) => _count++;

        public void EndOfBatch()
        {
            _flow.Arrived(_count);
            _count = 0;
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
