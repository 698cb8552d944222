using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Tests.Filtering;

/// <summary>IP packets as a peer would send them; checksums are zero, since filters do not look at them.</summary>
internal static class IpPackets
{
    public const byte Syn = 0x02;
    public const byte Ack = 0x10;

    public static byte[] Tcp(string source, int sourcePort, string destination, int destinationPort, byte flags)
    {
        var segment = new byte[20];
        Ports(segment, sourcePort, destinationPort);
        segment[12] = 5 << 4;
        segment[13] = flags;
        return Packet(source, destination, 6, segment);
    }

    public static byte[] Udp(string source, int sourcePort, string destination, int destinationPort, int payload = 4)
    {
        var datagram = new byte[8 + payload];
        Ports(datagram, sourcePort, destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        return Packet(source, destination, 17, datagram);
    }

    /// <summary>An IPv6 packet whose addresses are IPv4 ones in their mapped form.</summary>
    public static byte[] MappedUdp(string source, int sourcePort, string destination, int destinationPort)
    {
        var packet = Udp("::1", sourcePort, "::1", destinationPort);
        IPAddress.Parse(source).MapToIPv6().TryWriteBytes(packet.AsSpan(8), out _);
        IPAddress.Parse(destination).MapToIPv6().TryWriteBytes(packet.AsSpan(24), out _);
        return packet;
    }

    public static byte[] Echo(string source, string destination, bool reply, ushort identifier)
    {
        var isIPv4 = IsIPv4(source);
        var message = new byte[16];
        message[0] = (isIPv4, reply) switch
        {
            (true, false) => 8,
            (true, true) => 0,
            (false, false) => 128,
            (false, true) => 129,
        };
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), identifier);
        return Packet(source, destination, isIPv4 ? (byte)1 : (byte)58, message);
    }

    /// <summary>Destination unreachable, quoting as much of a packet as routers do.</summary>
    public static byte[] Unreachable(string source, string destination, byte[] about)
    {
        var isIPv4 = IsIPv4(source);
        var quoted = about.AsSpan(0, Math.Min(about.Length, isIPv4 ? 28 : about.Length));
        var message = new byte[8 + quoted.Length];
        message[0] = isIPv4 ? (byte)3 : (byte)1;
        quoted.CopyTo(message.AsSpan(8));
        return Packet(source, destination, isIPv4 ? (byte)1 : (byte)58, message);
    }

    public static byte[] Packet(string source, string destination, byte protocol, byte[] payload, int fragmentOffset = 0)
    {
        if (!IsIPv4(source))
        {
            var six = new byte[40 + payload.Length];
            six[0] = 6 << 4;
            BinaryPrimitives.WriteUInt16BigEndian(six.AsSpan(4), (ushort)payload.Length);
            six[6] = protocol;
            six[7] = 64;
            IPAddress.Parse(source).TryWriteBytes(six.AsSpan(8), out _);
            IPAddress.Parse(destination).TryWriteBytes(six.AsSpan(24), out _);
            payload.CopyTo(six, 40);
            return six;
        }

        var packet = new byte[20 + payload.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)(fragmentOffset / 8));
        packet[8] = 64;
        packet[9] = protocol;
        IPAddress.Parse(source).TryWriteBytes(packet.AsSpan(12), out _);
        IPAddress.Parse(destination).TryWriteBytes(packet.AsSpan(16), out _);
        payload.CopyTo(packet, 20);
        return packet;
    }

    private static bool IsIPv4(string address) => IPAddress.Parse(address).AddressFamily == AddressFamily.InterNetwork;

    private static void Ports(byte[] transport, int source, int destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(transport, (ushort)source);
        BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(2), (ushort)destination);
    }
}
