using System.Buffers.Binary;
using System.Text;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>Writes frames into buffers of the caller. Every method returns the bytes written, header included.</summary>
public static class DerpFrameWriter
{
    /// <summary>What goes before a packet of <see cref="DerpFrameType.SendPacket"/> and <see cref="DerpFrameType.RecvPacket"/>.</summary>
    public const int PacketHeaderSize = DerpProtocol.HeaderSize + PublicKey.Size;

    public static int ServerKey(Span<byte> destination, PublicKey key)
    {
        var magic = DerpProtocol.Magic;
        magic.CopyTo(destination[DerpProtocol.HeaderSize..]);
        key.CopyTo(destination[(DerpProtocol.HeaderSize + magic.Length)..]);
        return Header(destination, DerpFrameType.ServerKey, magic.Length + PublicKey.Size);
    }

    public static int SendPacket(Span<byte> destination, NodePublicKey to, ReadOnlySpan<byte> packet) =>
        Packet(destination, DerpFrameType.SendPacket, to, packet);

    public static int RecvPacket(Span<byte> destination, NodePublicKey from, ReadOnlySpan<byte> packet) =>
        Packet(destination, DerpFrameType.RecvPacket, from, packet);

    public static int KeepAlive(Span<byte> destination) => Header(destination, DerpFrameType.KeepAlive, 0);

    public static int NotePreferred(Span<byte> destination, bool isHome)
    {
        destination[DerpProtocol.HeaderSize] = isHome ? (byte)1 : (byte)0;
        return Header(destination, DerpFrameType.NotePreferred, 1);
    }

    public static int PeerGone(Span<byte> destination, NodePublicKey node, DerpPeerGoneReason reason)
    {
        node.Key.CopyTo(destination[DerpProtocol.HeaderSize..]);
        destination[PacketHeaderSize] = (byte)reason;
        return Header(destination, DerpFrameType.PeerGone, PublicKey.Size + 1);
    }

    public static int Ping(Span<byte> destination, ulong token) => Token(destination, DerpFrameType.Ping, token);

    public static int Pong(Span<byte> destination, ulong token) => Token(destination, DerpFrameType.Pong, token);

    /// <param name="problem">Empty when nothing is wrong any more. Cut where it does not fit.</param>
    public static int Health(Span<byte> destination, string problem)
    {
        var encoder = Encoding.UTF8.GetEncoder();
        encoder.Convert(problem, destination[DerpProtocol.HeaderSize..], flush: true, out _, out var length, out _);
        return Header(destination, DerpFrameType.Health, length);
    }

    /// <param name="reconnectIn">How long a client should wait before it returns.</param>
    /// <param name="tryFor">How long it should then try before it goes elsewhere.</param>
    public static int Restarting(Span<byte> destination, TimeSpan reconnectIn, TimeSpan tryFor)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination[DerpProtocol.HeaderSize..], (uint)reconnectIn.TotalMilliseconds);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(DerpProtocol.HeaderSize + 4)..], (uint)tryFor.TotalMilliseconds);
        return Header(destination, DerpFrameType.Restarting, 8);
    }

    private static int Packet(Span<byte> destination, DerpFrameType type, NodePublicKey node, ReadOnlySpan<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, DerpProtocol.MaxPacketSize);
        node.Key.CopyTo(destination[DerpProtocol.HeaderSize..]);
        packet.CopyTo(destination[PacketHeaderSize..]);
        return Header(destination, type, PublicKey.Size + packet.Length);
    }

    private static int Token(Span<byte> destination, DerpFrameType type, ulong token)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination[DerpProtocol.HeaderSize..], token);
        return Header(destination, type, DerpProtocol.PingSize);
    }

    private static int Header(Span<byte> destination, DerpFrameType type, int length)
    {
        new DerpFrameHeader(type, length).Write(destination);
        return DerpProtocol.HeaderSize + length;
    }
}
