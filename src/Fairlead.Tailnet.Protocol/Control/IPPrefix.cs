using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control;

/// <summary>
/// An address and the number of leading bits that count, as <c>10.1.0.0/16</c>. Unlike <see cref="IPNetwork"/> it keeps bits behind
/// the prefix, has a value for "none" (an empty text on the wire), and is no object of its own.
/// </summary>
[JsonConverter(typeof(IPPrefixConverter))]
public readonly struct IPPrefix : IEquatable<IPPrefix>
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly byte _bits;
    private readonly byte _width;

    /// <param name="address">An IPv4 address in its IPv6-mapped form stays IPv6.</param>
    /// <param name="bits">0 to 32 or 128.</param>
    public IPPrefix(IPAddress address, int bits)
    {
        ArgumentNullException.ThrowIfNull(address);
        _width = address.AddressFamily == AddressFamily.InterNetwork ? (byte)32 : (byte)128;
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, _width);
        _bits = (byte)bits;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (length == 4)
        {
            _low = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            return;
        }

        _high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }

    private IPPrefix(UInt128 value, int bits, byte width)
    {
        _high = (ulong)(value >> 64);
        _low = (ulong)value;
        _bits = (byte)bits;
        _width = width;
    }

    /// <summary>Whether it stands for nothing: the default value.</summary>
    public bool IsNone => _width == 0;

    public bool IsIPv4 => _width == 32;

    /// <summary>Leading bits that count.</summary>
    public int Bits => _bits;

    /// <summary>The address as a number: for IPv4 the lower 32 bits.</summary>
    public UInt128 Value => new(_high, _low);

    /// <summary>Whether exactly one address matches.</summary>
    public bool IsSingleAddress => _width != 0 && _bits == _width;

    /// <exception cref="InvalidOperationException">It is none.</exception>
    public IPAddress Address
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
            return _width switch
            {
                32 => new IPAddress(bytes[12..]),
                128 => new IPAddress(bytes),
                _ => throw new InvalidOperationException("No prefix, hence no address."),
            };
        }
    }

    public static bool operator ==(IPPrefix left, IPPrefix right) => left.Equals(right);

    public static bool operator !=(IPPrefix left, IPPrefix right) => !left.Equals(right);

    /// <summary>The prefix of this address alone.</summary>
    public static IPPrefix Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new IPPrefix(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }

    /// <exception cref="FormatException">Not an address, a slash and a number of bits.</exception>
    public static IPPrefix Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException("Not an address prefix of the form <address>/<bits>.");

    /// <summary>Reads <c>address/bits</c>; an empty text is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPPrefix prefix)
    {
        prefix = default;
        if (text.IsEmpty) return true;
        var slash = text.IndexOf('/');
        if (slash < 0
            || !StrictAddress.TryParse(text[..slash], out var address)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            || bits > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
        {
            return false;
        }

        prefix = new IPPrefix(address, bits);
        return true;
    }

    /// <summary>The same prefix with all bits behind it zero.</summary>
    public IPPrefix Masked() => IsNone ? this : new IPPrefix(Value & Mask, _bits, _width);

    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var other = Of(address);
        return Contains(other.Value, other.IsIPv4);
    }

    /// <param name="address">As <see cref="Value"/>.</param>
    public bool Contains(UInt128 address, bool isIPv4) => !IsNone && isIPv4 == IsIPv4 && ((address ^ Value) & Mask) == 0;

    public bool Equals(IPPrefix other) => _high == other._high && _low == other._low && _bits == other._bits && _width == other._width;

    public override bool Equals(object? obj) => obj is IPPrefix other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low, _bits, _width);

    /// <summary>As on the wire; empty for none.</summary>
    public override string ToString() => IsNone ? "" : string.Create(CultureInfo.InvariantCulture, $"{Address}/{_bits}");

    private UInt128 Mask => _bits == 0 ? 0 : UInt128.MaxValue << (_width - _bits);
}
