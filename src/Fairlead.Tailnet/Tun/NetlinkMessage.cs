using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Tun;

/// <summary>Builds one request to the kernel's routing socket (rtnetlink(7)): a header, a fixed part and attributes.</summary>
internal sealed class NetlinkMessage
{
    private const int HeaderSize = 16;

    private readonly byte[] _buffer = new byte[256];
    private int _length = HeaderSize;

    public NetlinkMessage(ushort type, ushort flags)
    {
        MemoryMarshal.Write(_buffer.AsSpan(4), type);
        MemoryMarshal.Write(_buffer.AsSpan(6), flags);
    }

    public ReadOnlySpan<byte> ToSpan(uint sequence)
    {
        MemoryMarshal.Write(_buffer, (uint)_length);
        MemoryMarshal.Write(_buffer.AsSpan(8), sequence);
        return _buffer.AsSpan(0, _length);
    }

    public NetlinkMessage Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
        return this;
    }

    public NetlinkMessage Add(int value)
    {
        MemoryMarshal.Write(_buffer.AsSpan(_length), value);
        _length += sizeof(int);
        return this;
    }

    public NetlinkMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        MemoryMarshal.Write(_buffer.AsSpan(_length), (ushort)(value.Length + 4));
        MemoryMarshal.Write(_buffer.AsSpan(_length + 2), type);
        value.CopyTo(_buffer.AsSpan(_length + 4));

        // Attributes begin at multiples of four.
        _length += (value.Length + 4 + 3) & ~3;
        return this;
    }

    public NetlinkMessage Attribute(ushort type, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(bytes, value);
        return Attribute(type, bytes);
    }
}
