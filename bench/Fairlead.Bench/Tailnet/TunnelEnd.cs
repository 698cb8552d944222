using System.Buffers.Binary;
using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Bench.Tailnet;

/// <summary>A WireGuard device on a UDP socket of the loopback device, without a network stack.</summary>
internal sealed class TunnelEnd : IDisposable
{
    private readonly IPAddress _address;
    private readonly UdpTransport _transport;
    private readonly NodePrivateKey _key = NodePrivateKey.Generate();

    public TunnelEnd(string address, UdpBatching batching, IPacketReceiver receiver)
    {
        _address = IPAddress.Parse(address);
        _transport = new UdpTransport(new UdpTransportOptions { IPv4 = IPAddress.Loopback, IPv6 = null, Batching = batching });
        Device = new WireGuardDevice(new WireGuardOptions { PrivateKey = _key }, receiver);
        _transport.Start(Device);
    }

    public WireGuardDevice Device { get; }

    public static void Connect(TunnelEnd a, TunnelEnd b)
    {
        a.SetPeer(b);
        b.SetPeer(a);
    }

    public byte[] PacketTo(TunnelEnd other, int size)
    {
        var packet = new byte[size];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)size);
        _address.TryWriteBytes(packet.AsSpan(12), out _);
        other._address.TryWriteBytes(packet.AsSpan(16), out _);
        return packet;
    }

    public void Dispose()
    {
        _transport.Dispose();
        Device.Dispose();
        _key.Dispose();
    }

    private void SetPeer(TunnelEnd other) => Device.SetPeer(new WireGuardPeer
    {
        Key = other._key.PublicKey,
        AllowedNetworks = [new IPNetwork(other._address, 32)],
        Path = new FixedPath(_transport, PathAddress.Direct(UdpAddress.From(IPAddress.Loopback, other._transport.Port))),
    });

    private sealed class FixedPath(IDatagramSender sender, PathAddress to) : IPeerPath
    {
        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize) => sender.Send(to, datagrams, datagramSize);

        public void Authenticated(in PathAddress from)
        {
        }
    }
}
