using System.Buffers.Binary;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.WireGuard.Routing;

/// <summary>What of an IP packet's header matters for its way (RFC 791, 3.1; RFC 8200, 3).</summary>
internal readonly struct PacketAddresses
{
    private const int IPv4HeaderSize = 20;
    private const int IPv6HeaderSize = 40;

    private PacketAddresses(bool isIPv4, UInt128 address, int length)
    {
        IsIPv4 = isIPv4;
        Address = address;
        Length = length;
    }

    public bool IsIPv4 { get; }

    public UInt128 Address { get; }

    /// <summary>Length of the whole packet by its own account: at least a header's, at most what there is.</summary>
    public int Length { get; }

    /// <returns>False if it is no IP packet, or cut off.</returns>
    public static bool TryReadDestination(ReadOnlySpan<byte> packet, out PacketAddresses addresses) => TryRead(packet, 16, 24, out addresses);

    /// <inheritdoc cref="TryReadDestination"/>
    public static bool TryReadSource(ReadOnlySpan<byte> packet, out PacketAddresses addresses) => TryRead(packet, 12, 8, out addresses);

    private static bool TryRead(ReadOnlySpan<byte> packet, int ipv4Offset, int ipv6Offset, out PacketAddresses addresses)
    {
        addresses = default;
        if (packet.Length >= IPv4HeaderSize && packet[0] >> 4 == 4)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
            addresses = new PacketAddresses(true, MappedAddress.FromIPv4(packet[ipv4Offset..]), length);
            return length >= IPv4HeaderSize && length <= packet.Length;
        }

        if (packet.Length >= IPv6HeaderSize && packet[0] >> 4 == 6)
        {
            var length = IPv6HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
            addresses = new PacketAddresses(false, MappedAddress.FromIPv6(packet[ipv6Offset..]), length);
            return length <= packet.Length;
        }

        return false;
    }
}
