using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Fairlead.Proxy.Netfilter.Netlink;

/// <summary>Writes netlink messages one after another: a header each (netlink(7)), a fixed part, and attributes.</summary>
internal sealed class NetlinkWriter
{
    private const int HeaderSize = 16;
    private const int AttributeHeaderSize = 4;
    private const ushort NestedFlag = 0x8000;

    private byte[] _buffer = new byte[1024];
    private int _length;
    private int _messageStart;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void BeginMessage(ushort type, ushort flags, uint sequence)
    {
        _messageStart = _length;
        var header = Take(HeaderSize);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], flags);
        MemoryMarshal.Write(header[8..], sequence);
    }

    public void EndMessage() => MemoryMarshal.Write(_buffer.AsSpan(_messageStart), _length - _messageStart);

    /// <summary>A part without attribute header, padded to a multiple of four bytes.</summary>
    public void Fixed(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var whole = Take(AttributeHeaderSize + value.Length);
        MemoryMarshal.Write(whole, (ushort)(AttributeHeaderSize + value.Length));
        MemoryMarshal.Write(whole[2..], type);
        value.CopyTo(whole[AttributeHeaderSize..]);
    }

    public void Text(ushort type, string value) => Attribute(type, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>A number in network byte order, as all of nf_tables' are.</summary>
    public void Number(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    public void LongNumber(ushort type, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>An attribute whose value is the attributes that <paramref name="content"/> writes.</summary>
    public void Nested(ushort type, Action<NetlinkWriter> content)
    {
        var start = _length;
        MemoryMarshal.Write(Take(AttributeHeaderSize)[2..], (ushort)(type | NestedFlag));
        content(this);
        MemoryMarshal.Write(_buffer.AsSpan(start), checked((ushort)(_length - start)));
    }

    private Span<byte> Take(int length)
    {
        // Everything begins at a multiple of four.
        var padded = (length + 3) & ~3;
        if (_length + padded > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + padded));
        }

        var taken = _buffer.AsSpan(_length, length);
        _length += padded;
        return taken;
    }
}
