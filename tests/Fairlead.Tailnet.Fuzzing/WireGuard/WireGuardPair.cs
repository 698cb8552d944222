using System.Buffers.Binary;
using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;
using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Tailnet.Fuzzing.WireGuard;

/// <summary>Two devices with a session. What one sends is caught, to be damaged before it reaches the other.</summary>
internal sealed class WireGuardPair : IPacketReceiver
{
    public static readonly PathAddress Somewhere = PathAddress.Direct(UdpAddress.From(IPAddress.Loopback, 7));

    private readonly Path _fromA = new();
    private readonly Path _fromB = new();

    public WireGuardPair()
    {
        var (a, b) = (NodePrivateKey.Generate(), NodePrivateKey.Generate());
        A = new WireGuardDevice(new WireGuardOptions { PrivateKey = a, Mtu = 60_000 }, this);
        // Never under load: what is damaged shall get as far as it can.
        B = new WireGuardDevice(new WireGuardOptions { PrivateKey = b, Mtu = 60_000, Replies = _fromB, UnprovenHandshakesPerSecond = int.MaxValue }, this);
        A.SetPeer(new WireGuardPeer { Key = b.PublicKey, AllowedNetworks = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")], Path = _fromA });
        B.SetPeer(new WireGuardPeer { Key = a.PublicKey, AllowedNetworks = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")], Path = _fromB });
        A.BeginHandshake(b.PublicKey);
        Initiation = _fromA.Last;
        B.Receive([.. Initiation], Somewhere);
        Response = _fromB.Last;
        A.Receive([.. Response], Somewhere);
        Data = _fromA.Last;
        B.Receive([.. Data], Somewhere);
    }

    public WireGuardDevice A { get; }

    public WireGuardDevice B { get; }

    public byte[] Initiation { get; }

    public byte[] Response { get; }

    public byte[] Data { get; }

    /// <summary>The message that carries the packet from A to B, whatever the packet says of itself.</summary>
    public byte[] Seal(ReadOnlySpan<byte> packet)
    {
        var b = A.Sessions.FindPeer(BinaryPrimitives.ReadUInt32LittleEndian(Response.AsSpan(HandshakeResponse.Receiver)))!;
        b.Send(packet);
        A.Flush();
        return _fromA.Last;
    }

    public void Receive(ReadOnlySpan<byte> packet)
    {
    }

    public void EndOfBatch()
    {
    }

    private sealed class Path : IPeerPath, IDatagramSender
    {
        public byte[] Last { get; set; } = [];

        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize) => Last = datagrams.ToArray();

        public void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize) => Send(datagrams, datagramSize);

        public void Authenticated(in PathAddress from)
        {
        }
    }
}
