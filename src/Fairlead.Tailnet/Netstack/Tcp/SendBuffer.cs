using Fairlead.Tailnet.Netstack.Buffers;
using Fairlead.Tailnet.Netstack.Ip;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Bytes written by the application and not yet acknowledged; offset 0 is the oldest of them.</summary>
internal struct SendBuffer
{
    private BlockRing _ring;

    public int Length { get; private set; }

    public readonly bool IsCleared => _ring.IsCleared;

    public readonly int BlockCount => _ring.BlockCount;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var destination = _ring.Write(Length);
            var count = Math.Min(destination.Length, bytes.Length);
            bytes[..count].CopyTo(destination);
            bytes = bytes[count..];
            Length += count;
        }
    }

    /// <summary>Copies bytes and adds them to a checksum.</summary>
    public readonly ulong Copy(ulong sum, int offset, Span<byte> destination)
    {
        var odd = false;
        while (!destination.IsEmpty)
        {
            var source = _ring.Read(offset);
            var count = Math.Min(source.Length, destination.Length);
            if (odd)
            {
                sum += Checksum.Swap(Checksum.Copy(0, source[..count], destination));
            }
            else
            {
                sum = Checksum.Copy(sum, source[..count], destination);
            }

            odd ^= (count & 1) != 0;
            destination = destination[count..];
            offset += count;
        }

        return sum;
    }

    /// <summary>Drops bytes that were acknowledged.</summary>
    public void Advance(int count)
    {
        Length -= count;
        if (Length == 0)
        {
            _ring.Empty();
        }
        else
        {
            _ring.Advance(count);
        }
    }

    public void Clear()
    {
        _ring.Clear();
        Length = 0;
    }
}
