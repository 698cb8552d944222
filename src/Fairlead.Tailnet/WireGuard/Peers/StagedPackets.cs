using System.Buffers;
using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.WireGuard.Peers;

/// <summary>Packets that wait for a session, each behind its length. Holds a buffer only while there are any. For the holder of the peer's sending lock.</summary>
internal struct StagedPackets
{
    // A few dozen packets: the beginnings of connections. What does not fit is sent again by whoever sent it.
    private const int Capacity = 1 << 15;

    private byte[]? _buffer;
    private int _length;

    public int Count { get; private set; }

    /// <returns>False if there is no room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> packet)
    {
        if (_length + sizeof(int) + packet.Length > Capacity)
        {
            return false;
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(Capacity);
        MemoryMarshal.Write(_buffer.AsSpan(_length), packet.Length);
        packet.CopyTo(_buffer.AsSpan(_length + sizeof(int)));
        _length += sizeof(int) + packet.Length;
        Count++;
        return true;
    }

    /// <summary>What there is, for one caller to read and to release; there is nothing then.</summary>
    public StagedPackets Take()
    {
        var taken = this;
        this = default;
        return taken;
    }

    /// <summary>The packet at a position, which moves to the next.</summary>
    public readonly ReadOnlySpan<byte> Read(ref int position)
    {
        var length = MemoryMarshal.Read<int>(_buffer.AsSpan(position));
        var packet = _buffer.AsSpan(position + sizeof(int), length);
        position += sizeof(int) + length;
        return packet;
    }

    public void Release()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        this = default;
    }
}
