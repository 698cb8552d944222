using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Fairlead.Proxy.Netfilter.Netlink;

/// <summary>Attributes that the kernel wrote, in order: call <see cref="Next"/> until it says that there are no more.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private const int HeaderSize = 4;

    // The flags for nesting and byte order are no part of the type.
    private const ushort TypeMask = 0x3fff;

    private ReadOnlySpan<byte> _rest = bytes;

    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    /// <exception cref="InvalidDataException">The value is too short for a number of four bytes.</exception>
    public readonly uint Number => BinaryPrimitives.TryReadUInt32BigEndian(Value, out var number) ? number : throw TooShort(sizeof(uint));

    /// <exception cref="InvalidDataException">The value is too short for a number of eight bytes.</exception>
    public readonly ulong LongNumber => BinaryPrimitives.TryReadUInt64BigEndian(Value, out var number) ? number : throw TooShort(sizeof(ulong));

    public readonly NetlinkAttributes Nested => new(Value);

    /// <exception cref="InvalidDataException">An attribute is longer than what is left.</exception>
    public bool Next()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderSize || length > _rest.Length)
        {
            throw new InvalidDataException($"A netlink attribute says that it has {length} bytes where {_rest.Length} are left.");
        }

        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask);
        Value = _rest[HeaderSize..length];
        _rest = _rest[Math.Min(_rest.Length, (length + 3) & ~3)..];
        return true;
    }

    private readonly InvalidDataException TooShort(int size) => new($"Netlink attribute {Type} has {Value.Length} bytes where a number takes {size}.");
}
