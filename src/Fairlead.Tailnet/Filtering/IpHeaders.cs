using System.Buffers.Binary;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Filtering;

/// <summary>What a decision about an IP packet needs of its headers, read without allocation.</summary>
internal readonly ref struct IpHeaders
{
    public const byte TcpFin = 0x01;
    public const byte TcpSyn = 0x02;
    public const byte TcpReset = 0x04;
    public const byte TcpAck = 0x10;

    /// <summary>Extension headers looked through before a packet counts as malformed; real ones carry two or three.</summary>
    private const int MaxExtensionHeaders = 8;

    public UInt128 Source { get; private init; }

    public UInt128 Destination { get; private init; }

    /// <summary>Of the transport, after IPv6 extension headers.</summary>
    public byte Protocol { get; private init; }

    /// <summary>For an ICMP echo its identifier; 0 where the protocol has none.</summary>
    public ushort SourcePort { get; private init; }

    public ushort DestinationPort { get; private init; }

    public byte TcpFlags { get; private init; }

    public byte IcmpType { get; private init; }

    /// <summary>A fragment other than the first: it shows no transport header.</summary>
    public bool IsLaterFragment { get; private init; }

    /// <summary>
    /// A message about the tunnel itself, whole and right behind the IP header as nodes send them. What hides behind extension headers, or is
    /// a part of something, is a packet as any other: together with others it may turn out to be one of another protocol.
    /// </summary>
    public bool IsTunnelMessage { get; private init; }

    /// <summary>Where in the whole datagram a later fragment's bytes begin.</summary>
    public int FragmentOffset { get; private init; }

    /// <summary>From the transport header on; what follows the IP packet's own length is left out.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    public bool IsIcmp => Protocol is IpProtocol.IcmpV4 or IpProtocol.IcmpV6;

    public bool IsEchoRequest => (Protocol == IpProtocol.IcmpV4 && IcmpType == 8) || (Protocol == IpProtocol.IcmpV6 && IcmpType == 128);

    public bool IsEchoReply => (Protocol == IpProtocol.IcmpV4 && IcmpType == 0) || (Protocol == IpProtocol.IcmpV6 && IcmpType == 129);

    /// <summary>Destination unreachable, time exceeded, parameter problem; packet too big. They quote the packet they are about.</summary>
    public bool IsIcmpError => (Protocol == IpProtocol.IcmpV4 && IcmpType is 3 or 11 or 12)
        || (Protocol == IpProtocol.IcmpV6 && IcmpType is >= 1 and <= 4);

    /// <param name="quoted">The packet is the beginning of one, quoted in an ICMP error: its length may exceed what is there.</param>
    /// <returns>False if the packet is no whole IP packet with a whole transport header.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, out IpHeaders headers, bool quoted = false)
    {
        headers = default;
        return !packet.IsEmpty && (packet[0] >> 4) switch
        {
            4 => TryReadIPv4(packet, quoted, out headers),
            6 => TryReadIPv6(packet, quoted, out headers),
            _ => false,
        };
    }

    private static bool TryReadIPv4(ReadOnlySpan<byte> packet, bool quoted, out IpHeaders headers)
    {
        headers = default;
        var headerLength = (packet[0] & 0x0F) * 4;
        if (packet.Length < 20 || headerLength < 20 || packet.Length < headerLength)
        {
            return false;
        }

        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (totalLength < headerLength || (totalLength > packet.Length && !quoted))
        {
            return false;
        }

        var fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        var offset = (fragment & 0x1FFF) * 8;
        return TryReadTransport(
            MappedAddress.FromIPv4(packet[12..]),
            MappedAddress.FromIPv4(packet[16..]),
            packet[9],
            offset,
            packet[headerLength..Math.Min(totalLength, packet.Length)],
            isBare: (fragment & 0x3FFF) == 0,
            quoted,
            out headers);
    }

    private static bool TryReadIPv6(ReadOnlySpan<byte> packet, bool quoted, out IpHeaders headers)
    {
        headers = default;
        if (packet.Length < 40)
        {
            return false;
        }

        var payloadLength = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (payloadLength + 40 > packet.Length && !quoted)
        {
            return false;
        }

        // An IPv4 address in its mapped form must not appear on the wire (RFC 4038, 4.2): it would pass for the IPv4 one.
        var source = MappedAddress.FromIPv6(packet[8..]);
        var destination = MappedAddress.FromIPv6(packet[24..]);
        if (MappedAddress.IsIPv4(source) || MappedAddress.IsIPv4(destination))
        {
            return false;
        }

        var next = packet[6];
        var isBare = next == IpProtocol.Tsmp;
        var isFragment = false;
        var rest = packet[40..Math.Min(40 + payloadLength, packet.Length)];
        var offset = 0;
        for (var i = 0; next is IpProtocol.HopByHop or IpProtocol.Routing or IpProtocol.DestinationOptions or IpProtocol.Fragment; i++)
        {
            if (i == MaxExtensionHeaders || rest.Length < 8)
            {
                return false;
            }

            var length = next == IpProtocol.Fragment ? 8 : (rest[1] + 1) * 8;
            if (rest.Length < length)
            {
                return false;
            }

            // What has more to visit asks us to be a relay (RFC 5095 forbids it). A second fragment header is of no honest sender: behind the
            // first fragment's it would make this one look like a later one.
            if (next == IpProtocol.Routing ? rest[3] != 0 : next == IpProtocol.Fragment && isFragment)
            {
                return false;
            }

            if (next == IpProtocol.Fragment)
            {
                isFragment = true;
                offset = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) & 0xFFF8;
            }

            next = rest[0];
            rest = rest[length..];
            if (offset > 0)
            {
                break;
            }
        }

        return TryReadTransport(source, destination, next, offset, rest, isBare, quoted, out headers);
    }

    private static bool TryReadTransport(
        UInt128 source, UInt128 destination, byte protocol, int offset, ReadOnlySpan<byte> payload, bool isBare, bool quoted, out IpHeaders headers)
    {
        headers = default;
        ushort sourcePort = 0, destinationPort = 0;
        byte flags = 0, type = 0;
        if (offset == 0 && protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.IcmpV4 or IpProtocol.IcmpV6)
        {
            // RFC 792 lets an error quote no more than 8 bytes of the transport; for TCP that leaves the ports and no flags.
            if (payload.Length < (protocol == IpProtocol.Tcp && !quoted ? 20 : 8))
            {
                return false;
            }

            if (protocol is IpProtocol.Tcp or IpProtocol.Udp)
            {
                sourcePort = BinaryPrimitives.ReadUInt16BigEndian(payload);
                destinationPort = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
                flags = protocol == IpProtocol.Tcp && payload.Length >= 20 ? payload[13] : (byte)0;
            }
            else
            {
                type = payload[0];
                sourcePort = type is 0 or 8 or 128 or 129 ? BinaryPrimitives.ReadUInt16BigEndian(payload[4..]) : (ushort)0;
            }
        }

        headers = new IpHeaders
        {
            Source = source,
            Destination = destination,
            Protocol = protocol,
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            TcpFlags = flags,
            IcmpType = type,
            IsLaterFragment = offset > 0,
            IsTunnelMessage = isBare && protocol == IpProtocol.Tsmp,
            FragmentOffset = offset,
            Payload = payload,
        };
        return true;
    }
}
