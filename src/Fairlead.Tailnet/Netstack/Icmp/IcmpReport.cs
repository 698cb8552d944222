using System.Buffers.Binary;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Icmp;

/// <summary>A received ICMP error about a TCP segment or UDP datagram that claims to be ours.</summary>
internal readonly record struct IcmpReport
{
    private const int QuotedTransport = 8; // all an ICMPv4 error needs to quote: ports, and TCP's sequence number

    /// <summary>The quoted flow, from our side.</summary>
    public required FlowKey Flow { get; init; }

    public required byte Protocol { get; init; }

    /// <summary>The second word of the quoted transport header: TCP's sequence number.</summary>
    public required uint Sequence { get; init; }

    public required SocketError Error { get; init; }

    /// <summary>No later attempt can be expected to do better (RFC 1122 section 4.2.3.9).</summary>
    public required bool IsHard { get; init; }

    /// <summary>0 unless the packet was too large.</summary>
    public required int PathMtu { get; init; }

    /// <summary>Reads an error message, its checksum verified; false if it is none, or about something else.</summary>
    public static bool TryParse(in IpDatagram datagram, out IcmpReport report)
    {
        report = default;
        var message = datagram.Payload;
        var version6 = !datagram.Source.IsV4;
        var known = version6 ? ClassifyV6(message) : ClassifyV4(message);
        if (known is not { } kind || !TryQuote(message[8..], out var header, out var transport)
            || header.Source.IsV4 == version6 || header.Source != datagram.Destination
            || header.Protocol is not (IpProtocol.Tcp or IpProtocol.Udp))
        {
            return false;
        }

        var ports = BinaryPrimitives.ReadUInt32BigEndian(transport);
        report = new IcmpReport
        {
            Flow = new FlowKey(header.Source, header.Destination, (ushort)(ports >> 16), (ushort)ports),
            Protocol = header.Protocol,
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(transport[4..]),
            Error = kind.Error,
            IsHard = kind.IsHard,
            PathMtu = kind.PathMtu,
        };
        return true;
    }

    private static (SocketError Error, bool IsHard, int PathMtu)? ClassifyV4(ReadOnlySpan<byte> message)
    {
        const int LeastMtu = 68; // RFC 791 section 3.2
        return (message[0], message[1]) switch
        {
            (3, 0 or 6 or 11) => (SocketError.NetworkUnreachable, false, 0),
            (3, 2 or 3) => (SocketError.ConnectionRefused, true, 0),
            (3, 4) => (SocketError.MessageSize, false, Math.Max(LeastMtu, (int)BinaryPrimitives.ReadUInt16BigEndian(message[6..]))),
            (3, 9 or 10 or 13) => (SocketError.HostUnreachable, true, 0),
            (3, _) => (SocketError.HostUnreachable, false, 0),
            (11, _) => (SocketError.HostUnreachable, false, 0),
            _ => null,
        };
    }

    private static (SocketError Error, bool IsHard, int PathMtu)? ClassifyV6(ReadOnlySpan<byte> message)
    {
        const int LeastMtu = 1280; // RFC 8200 section 5
        return (message[0], message[1]) switch
        {
            (1, 0) => (SocketError.NetworkUnreachable, false, 0),
            (1, 4) => (SocketError.ConnectionRefused, true, 0),
            (1, 1 or 5 or 6) => (SocketError.HostUnreachable, true, 0),
            (1, _) => (SocketError.HostUnreachable, false, 0),
            (2, _) => (SocketError.MessageSize, false, (int)Math.Clamp(BinaryPrimitives.ReadUInt32BigEndian(message[4..]), LeastMtu, ushort.MaxValue)),
            (3, _) => (SocketError.HostUnreachable, false, 0),
            (4, 1) => (SocketError.ConnectionRefused, true, 0),
            _ => null,
        };
    }

    /// <summary>The headers of a packet of which only the beginning is there, so that its lengths cannot be checked.</summary>
    private static bool TryQuote(ReadOnlySpan<byte> quote, out IpHeader header, out ReadOnlySpan<byte> transport)
    {
        header = default;
        transport = default;
        if (quote.IsEmpty)
        {
            return false;
        }

        var version = quote[0] >> 4;
        var headerLength = version == 4 ? (quote[0] & 0xF) * 4 : IpOutput.V6HeaderSize;
        if (version is not (4 or 6) || headerLength < IpOutput.V4HeaderSize || quote.Length < headerLength + QuotedTransport)
        {
            return false;
        }

        header = version == 4
            ? new IpHeader
            {
                Source = IpAddress.ReadV4(quote[12..]),
                Destination = IpAddress.ReadV4(quote[16..]),
                Protocol = quote[9],
                PayloadOffset = headerLength,
                PayloadLength = quote.Length - headerLength,
                FragmentOffset = (BinaryPrimitives.ReadUInt16BigEndian(quote[6..]) & 0x1FFF) * 8,
            }
            : new IpHeader
            {
                Source = IpAddress.ReadV6(quote[8..]),
                Destination = IpAddress.ReadV6(quote[24..]),
                Protocol = quote[6],
                PayloadOffset = headerLength,
                PayloadLength = quote.Length - headerLength,
            };
        transport = quote[headerLength..];
        return header.FragmentOffset == 0;
    }
}
