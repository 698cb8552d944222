using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>An IPv6 address, or an IPv4 address in its mapped form: one value for both, compared without allocation.</summary>
internal readonly record struct IpAddress(ulong High, ulong Low)
{
    private const ulong MappedPrefix = 0xFFFF;

    public bool IsV4 => High == 0 && (Low >> 32) == MappedPrefix;

    /// <summary>The unspecified address of either family.</summary>
    public bool IsAny => High == 0 && (Low == 0 || Low == MappedPrefix << 32);

    public bool IsMulticast => IsV4 ? (Low & 0xF000_0000) == 0xE000_0000 : (High >> 56) == 0xFF;

    public bool IsBroadcast => IsV4 && (uint)Low == uint.MaxValue;

    /// <summary>Whether one host can own it, so that answering to it cannot be amplified (RFC 1122 section 3.2.1.3).</summary>
    public bool IsUnicast => !IsAny && !IsMulticast && !IsBroadcast;

    public static IpAddress ReadV4(ReadOnlySpan<byte> source) => new(0, (MappedPrefix << 32) | BinaryPrimitives.ReadUInt32BigEndian(source));

    public static IpAddress ReadV6(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    public static IpAddress From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork ? ReadV4(bytes) : ReadV6(bytes);
    }

    public void WriteV4(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Low);

    public void WriteV6(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (IsV4)
        {
            WriteV4(bytes);
            return new IPAddress(bytes[..4]);
        }

        WriteV6(bytes);
        return new IPAddress(bytes);
    }

    public override string ToString() => ToIPAddress().ToString();
}
