using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Packets;

/// <summary>IP addresses as one 128-bit number: an IPv6 address, or an IPv4 address in its mapped form, so that both order and compare alike.</summary>
internal static class MappedAddress
{
    /// <summary>::ffff:0:0/96 of RFC 4291, 2.5.5.2.</summary>
    public static readonly UInt128 Prefix = new(0, 0x0000_FFFF_0000_0000);

    public static bool IsIPv4(UInt128 address) => (address >> 32) == (Prefix >> 32);

    public static UInt128 From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork ? FromIPv4(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static UInt128 FromIPv4(ReadOnlySpan<byte> bytes) => Prefix | BinaryPrimitives.ReadUInt32BigEndian(bytes);

    public static UInt128 FromIPv6(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    public static IPAddress ToIPAddress(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(IsIPv4(address) ? bytes[12..] : bytes);
    }
}
