using System.Buffers.Binary;
using System.Net;

namespace Fairlead.Tailnet.Tests.Netstack.Crafted;

/// <summary>IPv4 packets by hand.</summary>
internal static class IpV4
{
    public static void WriteHeader(byte[] packet, IPAddress from, IPAddress to, byte protocol, ushort identification = 0, ushort fragment = 0)
    {
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), identification);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), fragment);
        packet[8] = 64;
        packet[9] = protocol;
        from.GetAddressBytes().CopyTo(packet, 12);
        to.GetAddressBytes().CopyTo(packet, 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), ReferenceChecksum.Of(packet.AsSpan(0, 20)));
    }

    public static byte[] Packet(string from, string to, byte protocol, byte[] payload, ushort identification = 0, ushort fragment = 0)
    {
        var packet = new byte[20 + payload.Length];
        payload.CopyTo(packet, 20);
        WriteHeader(packet, IPAddress.Parse(from), IPAddress.Parse(to), protocol, identification, fragment);
        return packet;
    }

    /// <summary>An ICMP message with its checksum.</summary>
    public static byte[] Icmp(byte type, byte code, uint rest, byte[] body)
    {
        var message = new byte[8 + body.Length];
        message[0] = type;
        message[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), rest);
        body.CopyTo(message, 8);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), ReferenceChecksum.Of(message));
        return message;
    }

    public static byte[] Udp(string from, int fromPort, string to, int toPort, byte[] data)
    {
        var datagram = new byte[8 + data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, (ushort)fromPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)toPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        data.CopyTo(datagram, 8);
        byte[] pseudo = [.. IPAddress.Parse(from).GetAddressBytes(), .. IPAddress.Parse(to).GetAddressBytes(), 0, 17, (byte)(datagram.Length >> 8), (byte)datagram.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), ReferenceChecksum.Of([.. pseudo, .. datagram]));
        return Packet(from, to, 17, datagram);
    }
}
