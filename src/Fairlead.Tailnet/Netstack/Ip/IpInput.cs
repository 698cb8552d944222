using System.Buffers.Binary;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>Checks IP headers, walks extension headers, and finds the upper layer's part of a packet.</summary>
internal static class IpInput
{
    // A chain longer than any real one only costs time; RFC 8200 allows each header once, destination options twice.
    private const int MostExtensionHeaders = 8;

    /// <summary>What to do with a packet that was looked at.</summary>
    public static IpVerdict Parse(ReadOnlySpan<byte> packet, out IpHeader header)
    {
        header = default;
        if (packet.IsEmpty)
        {
            return IpVerdict.Malformed;
        }

        return (packet[0] >> 4) switch
        {
            4 => ParseV4(packet, out header),
            6 => ParseV6(packet, out header),
            _ => IpVerdict.Malformed,
        };
    }

    private static IpVerdict ParseV4(ReadOnlySpan<byte> packet, out IpHeader header)
    {
        header = default;
        if (packet.Length < IpOutput.V4HeaderSize)
        {
            return IpVerdict.Malformed;
        }

        var headerLength = (packet[0] & 0xF) * 4;
        var totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (headerLength < IpOutput.V4HeaderSize || totalLength < headerLength || totalLength > packet.Length
            || Checksum.Finish(Checksum.Add(0, packet[..headerLength])) != 0)
        {
            return IpVerdict.Malformed;
        }

        var fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        header = new IpHeader
        {
            Source = IpAddress.ReadV4(packet[12..]),
            Destination = IpAddress.ReadV4(packet[16..]),
            Protocol = packet[9],
            PayloadOffset = headerLength,
            PayloadLength = totalLength - headerLength,
            Identification = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]),
            FragmentOffset = (fragment & 0x1FFF) * 8,
            MoreFragments = (fragment & 0x2000) != 0,
        };
        return Classify(header);
    }

    private static IpVerdict ParseV6(ReadOnlySpan<byte> packet, out IpHeader header)
    {
        header = default;
        if (packet.Length < IpOutput.V6HeaderSize)
        {
            return IpVerdict.Malformed;
        }

        var end = IpOutput.V6HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (end > packet.Length)
        {
            return IpVerdict.Malformed;
        }

        header = new IpHeader
        {
            Source = IpAddress.ReadV6(packet[8..]),
            Destination = IpAddress.ReadV6(packet[24..]),
            Protocol = packet[6],
            PayloadOffset = IpOutput.V6HeaderSize,
            PayloadLength = end - IpOutput.V6HeaderSize,
        };

        // An IPv4 address in its mapped form must not appear on the wire (RFC 4038 section 4.2): it would pass for the IPv4 one.
        return header.Source.IsV4 || header.Destination.IsV4 ? IpVerdict.Malformed : SkipExtensions(packet[..end], header.PayloadOffset, ref header);
    }

    /// <summary>Walks the extension headers of an IPv6 packet, or of a reassembled payload.</summary>
    public static IpVerdict SkipExtensions(ReadOnlySpan<byte> bytes, int offset, ref IpHeader header)
    {
        var next = header.Protocol;
        for (var count = 0; count <= MostExtensionHeaders; count++)
        {
            var rest = bytes[offset..];
            switch (next)
            {
                case IpProtocol.HopByHop or IpProtocol.DestinationOptions or IpProtocol.Routing:
                    if (rest.Length < 8 || rest.Length < (rest[1] + 1) * 8)
                    {
                        return IpVerdict.Malformed;
                    }

                    var length = (rest[1] + 1) * 8;
                    // Segments left to visit would make us a relay (RFC 5095 forbids it); options that must be understood are not.
                    var acceptable = next == IpProtocol.Routing ? rest[3] == 0 : OptionsMayBeSkipped(rest[2..length]);
                    if (!acceptable)
                    {
                        return IpVerdict.Malformed;
                    }

                    next = rest[0];
                    offset += length;
                    break;
                case IpProtocol.Fragment:
                    if (rest.Length < 8)
                    {
                        return IpVerdict.Malformed;
                    }

                    next = rest[0];
                    offset += 8;
                    var fragment = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
                    header = header with
                    {
                        Protocol = next,
                        PayloadOffset = offset,
                        PayloadLength = bytes.Length - offset,
                        Identification = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]),
                        FragmentOffset = fragment & 0xFFF8,
                        MoreFragments = (fragment & 1) != 0,
                    };
                    if (header.FragmentOffset != 0 || header.MoreFragments)
                    {
                        return IpVerdict.Fragment;
                    }

                    break; // an atomic fragment is a whole packet (RFC 6946)
                case IpProtocol.NoNext:
                    return IpVerdict.Nothing;
                default:
                    header = header with { Protocol = next, PayloadOffset = offset, PayloadLength = bytes.Length - offset };
                    return IpVerdict.Deliver;
            }
        }

        return IpVerdict.Malformed;
    }

    private static IpVerdict Classify(in IpHeader header) =>
        header.FragmentOffset != 0 || header.MoreFragments ? IpVerdict.Fragment : IpVerdict.Deliver;

    private static bool OptionsMayBeSkipped(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty)
        {
            if (options[0] == 0)
            {
                options = options[1..]; // Pad1
                continue;
            }

            // The two highest bits say what a host does that does not know the option; 00 is "skip it" (RFC 8200 section 4.2).
            if (options.Length < 2 || options.Length < 2 + options[1] || (options[0] & 0xC0) != 0)
            {
                return false;
            }

            options = options[(2 + options[1])..];
        }

        return true;
    }
}
