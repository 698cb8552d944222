using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Tests.Filtering;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Tests.WireGuard;

/// <summary>A device on a virtual network, with an address inside the tunnel and one outside.</summary>
internal sealed class VirtualNode : IPacketReceiver
{
    private readonly VirtualNetwork _network;
    private readonly int _number;

    public VirtualNode(VirtualNetwork network, int number, Func<WireGuardOptions, WireGuardOptions> change)
    {
        _network = network;
        _number = number;
        Address = AddressWithPort(41641);
        var options = change(new WireGuardOptions { PrivateKey = NodePrivateKey.Generate(), Time = network.Time, Jitter = new Random(number), Replies = new Path(this, default) });
        Device = new WireGuardDevice(options, this);
        Key = options.PrivateKey;
    }

    public WireGuardDevice Device { get; }

    public NodePrivateKey Key { get; }

    public PathAddress Address { get; set; }

    public string IPv4 => $"100.64.0.{_number}";

    public string IPv6 => $"fd7a::{_number}";

    public List<byte[]> Received { get; } = [];

    /// <summary>What the device told the peers' paths.</summary>
    public List<PathAddress> Authenticated { get; } = [];

    public PathAddress AddressWithPort(ushort port) => PathAddress.Direct(UdpAddress.FromIPv4(0xC000_0200u + (uint)_number, port));

    public void SetPeer(VirtualNode peer, Func<WireGuardPeer, WireGuardPeer>? change = null)
    {
        var configured = new WireGuardPeer
        {
            Key = peer.Device.PublicKey,
            AllowedNetworks = [IPNetwork.Parse($"{peer.IPv4}/32"), IPNetwork.Parse($"{peer.IPv6}/128")],
            Path = new Path(this, peer.Address),
        };
        Device.SetPeer(change is null ? configured : change(configured));
    }

    public byte[] PacketTo(VirtualNode peer, int size = 100) => IpPackets.Packet(IPv4, peer.IPv4, 17, RandomBytes(size - 20));

    /// <summary>Sends a packet, and returns it.</summary>
    public byte[] Send(VirtualNode peer, int size = 100)
    {
        var packet = PacketTo(peer, size);
        Device.Send(packet);
        Device.Flush();
        return packet;
    }

    public void Receive(ReadOnlySpan<byte> packet) => Received.Add(packet.ToArray());

    public void EndOfBatch()
    {
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    private sealed class Path(VirtualNode node, PathAddress peer) : IPeerPath, IDatagramSender
    {
        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize) => node._network.Send(node.Address, peer, datagrams, datagramSize);

        public void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize) => node._network.Send(node.Address, to, datagrams, datagramSize);

        public void Authenticated(in PathAddress from) => node.Authenticated.Add(from);
    }
}
