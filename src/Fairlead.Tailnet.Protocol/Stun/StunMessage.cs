using System.Buffers.Binary;

namespace Fairlead.Tailnet.Protocol.Stun;

/// <summary>Binding requests and their success responses (RFC 8489), as far as nodes and relays use them.</summary>
public static class StunMessage
{
    /// <summary>Length of what <see cref="WriteRequest"/> writes: header, SOFTWARE and FINGERPRINT.</summary>
    public const int RequestSize = HeaderSize + 12 + FingerprintSize;

    /// <summary>Longest that <see cref="WriteResponse"/> writes: header and an IPv6 address.</summary>
    public const int MaxResponseSize = HeaderSize + 4 + 20;

    private const int HeaderSize = 20;
    private const int FingerprintSize = 8;
    private const uint MagicCookie = 0x2112_a442;
    private const uint FingerprintMask = 0x5354_554e;
    private const ushort BindingRequest = 0x0001;
    private const ushort BindingSuccess = 0x0101;
    private const ushort MappedAddress = 0x0001;
    private const ushort XorMappedAddress = 0x0020;

    // Some servers wrote the attribute under this number before RFC 5389 was final.
    private const ushort XorMappedAddressDraft = 0x8020;
    private const ushort Software = 0x8022;
    private const ushort Fingerprint = 0x8028;
    private const byte FamilyIPv4 = 1;
    private const byte FamilyIPv6 = 2;

    // Tailscale's STUN servers answer only to clients that call themselves so.
    private static ReadOnlySpan<byte> SoftwareName => "tailnode"u8;

    /// <summary>Whether a datagram is STUN of any kind: two zero bits and the cookie (RFC 8489 section 5).</summary>
    public static bool IsStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderSize && datagram[0] < 0x40 && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == MagicCookie;

    /// <param name="destination">At least <see cref="RequestSize"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteRequest(Span<byte> destination, StunTransactionId transaction)
    {
        WriteHeader(destination, BindingRequest, RequestSize - HeaderSize, transaction);
        var software = destination[HeaderSize..];
        WriteAttributeHeader(software, Software, SoftwareName.Length);
        SoftwareName.CopyTo(software[4..]);
        var covered = RequestSize - FingerprintSize;
        WriteAttributeHeader(destination[covered..], Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(covered + 4)..], Crc32.Compute(destination[..covered]) ^ FingerprintMask);
        return RequestSize;
    }

    /// <summary>Reads a binding request, as strictly as Tailscale's servers do: the known SOFTWARE and a right FINGERPRINT at the end.</summary>
    public static bool TryReadRequest(ReadOnlySpan<byte> datagram, out StunTransactionId transaction)
    {
        transaction = default;
        if (!HasHeader(datagram, BindingRequest) || datagram.Length < RequestSize)
            return false;
        var covered = datagram.Length - FingerprintSize;
        var fingerprint = datagram[covered..];
        if (BinaryPrimitives.ReadUInt16BigEndian(fingerprint) != Fingerprint
            || BinaryPrimitives.ReadUInt16BigEndian(fingerprint[2..]) != 4
            || BinaryPrimitives.ReadUInt32BigEndian(fingerprint[4..]) != (Crc32.Compute(datagram[..covered]) ^ FingerprintMask)
            || !HasSoftware(datagram[HeaderSize..covered]))
        {
            return false;
        }

        transaction = StunTransactionId.Read(datagram[8..]);
        return true;
    }

    /// <param name="destination">At least <see cref="MaxResponseSize"/> bytes.</param>
    /// <param name="mapped">Where the request came from.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteResponse(Span<byte> destination, StunTransactionId transaction, WireEndPoint mapped)
    {
        Span<byte> address = stackalloc byte[WireEndPoint.AddressSize];
        BinaryPrimitives.WriteUInt128BigEndian(address, mapped.Address);
        var used = mapped.IsIPv4 ? address[12..] : address;
        var size = HeaderSize + 8 + used.Length;
        WriteHeader(destination, BindingSuccess, size - HeaderSize, transaction);
        var attribute = destination[HeaderSize..];
        WriteAttributeHeader(attribute, XorMappedAddress, 4 + used.Length);
        attribute[4] = 0;
        attribute[5] = mapped.IsIPv4 ? FamilyIPv4 : FamilyIPv6;
        BinaryPrimitives.WriteUInt16BigEndian(attribute[6..], (ushort)(mapped.Port ^ (MagicCookie >> 16)));
        Mask(used, destination[4..HeaderSize], attribute[8..]);
        return size;
    }

    /// <summary>Reads a binding success response: where the server saw the request come from.</summary>
    public static bool TryReadResponse(ReadOnlySpan<byte> datagram, out StunTransactionId transaction, out WireEndPoint mapped)
    {
        transaction = default;
        mapped = default;
        if (!HasHeader(datagram, BindingSuccess))
            return false;
        transaction = StunTransactionId.Read(datagram[8..]);
        var found = false;
        var rest = datagram[HeaderSize..];
        while (TryReadAttribute(ref rest, out var type, out var value))
        {
            switch (type)
            {
                case XorMappedAddress or XorMappedAddressDraft:
                    return TryReadAddress(value, datagram[4..HeaderSize], out mapped);
                case MappedAddress:
                    // Servers of RFC 3489 know only the plain one; where both are there, the masked one tells the truth more often.
                    found = TryReadAddress(value, [], out mapped);
                    break;
            }
        }

        return found;
    }

    private static bool HasHeader(ReadOnlySpan<byte> datagram, ushort type) =>
        IsStun(datagram)
        && BinaryPrimitives.ReadUInt16BigEndian(datagram) == type
        && BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) == datagram.Length - HeaderSize;

    private static bool HasSoftware(ReadOnlySpan<byte> attributes)
    {
        while (TryReadAttribute(ref attributes, out var type, out var value))
        {
            if (type == Software)
                return value.SequenceEqual(SoftwareName);
        }

        return false;
    }

    private static bool TryReadAttribute(ref ReadOnlySpan<byte> rest, out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (rest.Length < 4)
            return false;
        type = BinaryPrimitives.ReadUInt16BigEndian(rest);
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (rest.Length - 4 < length)
            return false;
        value = rest.Slice(4, length);
        rest = rest[Math.Min(rest.Length, 4 + ((length + 3) & ~3))..];
        return true;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> value, ReadOnlySpan<byte> mask, out WireEndPoint mapped)
    {
        mapped = default;
        if (value.Length < 8)
            return false;
        var length = value[1] switch { FamilyIPv4 => 4, FamilyIPv6 => 16, _ => 0 };
        if (length == 0 || value.Length < 4 + length)
            return false;
        var port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        Span<byte> address = stackalloc byte[length];
        Mask(value.Slice(4, length), mask, address);
        mapped = WireEndPoint.From(address, mask.IsEmpty ? port : (ushort)(port ^ (MagicCookie >> 16)));
        return true;
    }

    /// <summary>XOR with cookie and transaction ID (RFC 8489 section 14.2), or a copy if the mask is empty.</summary>
    private static void Mask(ReadOnlySpan<byte> source, ReadOnlySpan<byte> mask, Span<byte> destination)
    {
        for (var i = 0; i < source.Length; i++)
            destination[i] = (byte)(source[i] ^ (mask.IsEmpty ? 0 : mask[i]));
    }

    private static void WriteHeader(Span<byte> destination, ushort type, int length, StunTransactionId transaction)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], MagicCookie);
        transaction.CopyTo(destination[8..]);
    }

    private static void WriteAttributeHeader(Span<byte> destination, ushort type, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)length);
    }
}
