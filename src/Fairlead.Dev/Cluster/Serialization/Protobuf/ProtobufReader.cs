using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>Walks the fields of one encoded message.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> data)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = data;

    public int Field { get; private set; }

    /// <summary>Value of a field of variable length; empty for numbers.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public long Number { get; private set; }

    /// <summary>Whether the field says no more than its absence would.</summary>
    public readonly bool IsEmpty => Bytes.IsEmpty && Number == 0;

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <exception cref="FormatException">The data is not a protobuf message.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = ReadVarint();
        Field = (int)(tag >> 3);
        Bytes = default;
        Number = 0;
        switch ((int)(tag & 7))
        {
            case Varint:
                Number = (long)ReadVarint();
                break;
            case Fixed64:
                Number = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
                break;
            case Fixed32:
                Number = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
                break;
            case LengthDelimited:
                var length = ReadVarint();
                Bytes = Take(length > int.MaxValue ? int.MaxValue : (int)length);
                break;
            default:
                throw new FormatException("the body is not a protobuf message");
        }

        return true;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }

        throw new FormatException("the body is not a protobuf message: a number is too long");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw new FormatException("the body is not a protobuf message: it ends early");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
