using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Transport.Linux;

/// <summary><c>sockaddr_in</c> or <c>sockaddr_in6</c>: family in host order, port and address in network order.</summary>
[InlineArray(Size)]
internal struct SocketAddressBytes
{
    /// <summary>Length of the longer of the two, <c>sockaddr_in6</c>.</summary>
    public const int Size = 28;

    private const int IPv4Size = 16;

    private byte _first;

    /// <returns>The length to give to the kernel.</returns>
    public static uint Write(in UdpAddress address, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (address.IsIPv4)
        {
            MemoryMarshal.Write(bytes, (ushort)LibC.AF_INET);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], (uint)address.Address);
            bytes[8..IPv4Size].Clear();
            return IPv4Size;
        }

        MemoryMarshal.Write(bytes, (ushort)LibC.AF_INET6);
        bytes[4..8].Clear();
        BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], address.Address);
        MemoryMarshal.Write(bytes[24..], address.ScopeId);
        return Size;
    }

    public static UdpAddress Read(ReadOnlySpan<byte> bytes)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return MemoryMarshal.Read<ushort>(bytes) == LibC.AF_INET
            ? UdpAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : new UdpAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]), port, MemoryMarshal.Read<uint>(bytes[24..]));
    }
}
