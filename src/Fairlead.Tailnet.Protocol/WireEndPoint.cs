using System.Buffers.Binary;

namespace Fairlead.Tailnet.Protocol;

/// <summary>An IP address and port as disco and STUN carry them: IPv6, or IPv4 in its mapped form.</summary>
public readonly record struct WireEndPoint(UInt128 Address, ushort Port)
{
    /// <summary>Length on the wire: 16 bytes of address, 2 of port, both big-endian.</summary>
    public const int Size = AddressSize + 2;

    internal const int AddressSize = 16;

    private static readonly UInt128 MappedPrefix = new(0, 0x0000_ffff_0000_0000);

    public bool IsIPv4 => (Address >> 32) == (MappedPrefix >> 32);

    /// <param name="address">4 or 16 bytes.</param>
    public static WireEndPoint From(ReadOnlySpan<byte> address, ushort port) =>
        new(address.Length == 4 ? MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(address) : BinaryPrimitives.ReadUInt128BigEndian(address), port);

    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public static WireEndPoint Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[AddressSize..]));

    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, Address);
        BinaryPrimitives.WriteUInt16BigEndian(destination[AddressSize..], Port);
    }
}
