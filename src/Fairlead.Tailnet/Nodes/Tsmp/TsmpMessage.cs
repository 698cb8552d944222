using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Nodes.Tsmp;

/// <summary>Messages between nodes about the tunnel, in IP packets of protocol 99 (Tailscale's TSMP): ping and pong, and the word that a connection was refused.</summary>
internal static class TsmpMessage
{
    public const byte Ping = (byte)'p';
    public const byte Pong = (byte)'o';

    public const byte Reject = (byte)'!';

    /// <summary>The protocol, why, and the ports of the one who asked and the one who refuses.</summary>
    private const int RejectSize = 7;

    /// <summary>In the byte that may follow: that it may be a fault rather than a rule, and pass.</summary>
    private const byte MaybeBroken = 1;

    /// <summary>A ping: the type and 8 bytes that the pong repeats.</summary>
    private const int PingSize = 9;

    /// <summary>A pong says too on which port the node serves its peer API; older nodes leave that out.</summary>
    private const int PongSize = 11;

    /// <summary>Largest packet that is written.</summary>
    public const int MaxPacket = 40 + PongSize;

    /// <returns>The packet's length.</returns>
    public static int WritePing(Span<byte> packet, IPAddress source, IPAddress destination, ulong data)
    {
        Span<byte> payload = stackalloc byte[PingSize];
        payload[0] = Ping;
        BinaryPrimitives.WriteUInt64BigEndian(payload[1..], data);
        return Write(packet, source, destination, payload);
    }

    /// <inheritdoc cref="WritePing"/>
    public static int WritePong(Span<byte> packet, IPAddress source, IPAddress destination, ulong data, ushort peerApiPort)
    {
        Span<byte> payload = stackalloc byte[PongSize];
        payload[0] = Pong;
        BinaryPrimitives.WriteUInt64BigEndian(payload[1..], data);
        BinaryPrimitives.WriteUInt16BigEndian(payload[9..], peerApiPort);
        return Write(packet, source, destination, payload);
    }

    /// <param name="payload">What follows the IP header.</param>
    /// <param name="peerApiPort">0 if it is not said.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out byte type, out ulong data, out ushort peerApiPort)
    {
        (type, data, peerApiPort) = (0, 0, 0);
        if (payload.Length < PingSize || payload[0] is not (Ping or Pong))
        {
            return false;
        }

        type = payload[0];
        data = BinaryPrimitives.ReadUInt64BigEndian(payload[1..]);
        peerApiPort = type == Pong && payload.Length >= PongSize ? BinaryPrimitives.ReadUInt16BigEndian(payload[9..]) : (ushort)0;
        return true;
    }

    /// <summary>Reads that a TCP connection was refused for good.</summary>
    /// <param name="asking">Port of the one that the message is for.</param>
    /// <param name="refusing">Port of the one that it is from.</param>
    public static bool TryReadReject(ReadOnlySpan<byte> payload, out ushort asking, out ushort refusing)
    {
        (asking, refusing) = (0, 0);
        if (payload.Length < RejectSize || payload[0] != Reject || payload[1] != IpProtocol.Tcp || (payload.Length > RejectSize && (payload[RejectSize] & MaybeBroken) != 0))
        {
            return false;
        }

        asking = BinaryPrimitives.ReadUInt16BigEndian(payload[3..]);
        refusing = BinaryPrimitives.ReadUInt16BigEndian(payload[5..]);
        return true;
    }

    private static int Write(Span<byte> packet, IPAddress source, IPAddress destination, ReadOnlySpan<byte> payload)
    {
        if (source.AddressFamily == AddressFamily.InterNetworkV6)
        {
            packet[..40].Clear();
            packet[0] = 6 << 4;
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)payload.Length);
            packet[6] = IpProtocol.Tsmp;
            packet[7] = 64;
            source.TryWriteBytes(packet[8..], out _);
            destination.TryWriteBytes(packet[24..], out _);
            payload.CopyTo(packet[40..]);
            return 40 + payload.Length;
        }

        packet[..20].Clear();
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(20 + payload.Length));
        packet[8] = 64;
        packet[9] = IpProtocol.Tsmp;
        source.TryWriteBytes(packet[12..], out _);
        destination.TryWriteBytes(packet[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], HeaderChecksum(packet[..20]));
        payload.CopyTo(packet[20..]);
        return 20 + payload.Length;
    }

    private static ushort HeaderChecksum(ReadOnlySpan<byte> header)
    {
        uint sum = 0;
        for (var i = 0; i < header.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
