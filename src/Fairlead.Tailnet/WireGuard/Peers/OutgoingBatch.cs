using System.Buffers;

namespace Fairlead.Tailnet.WireGuard.Peers;

/// <summary>
/// Messages that will leave together: one after the other, all of one size but for the last, which may be shorter. Holds a buffer only
/// while there is one. For the holder of the peer's sending lock.
/// </summary>
internal struct OutgoingBatch
{
    // What one send with segmentation offload takes (see UdpBatchSender), and a buffer of the pool's next smaller size.
    private const int MaxMessages = 64;
    private const int Capacity = 1 << 16;
    private const int MaxBytes = 65_507;

    private byte[]? _buffer;
    private int _length;
    private int _messageSize;
    private bool _isClosed;

    public readonly bool IsEmpty => _buffer is null;

    /// <summary>Room for a message of the given size; what had to leave before it is in <paramref name="full"/>.</summary>
    public Span<byte> Append(int size, out DetachedBatch full)
    {
        full = default;
        if (_buffer is not null
            && (_isClosed || size > _messageSize || _length + size > MaxBytes || _length >= MaxMessages * _messageSize))
        {
            full = Detach();
        }

        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
            _messageSize = size;
        }

        var message = _buffer.AsSpan(_length, size);
        _length += size;
        _isClosed = size < _messageSize;
        return message;
    }

    /// <summary>What there is; the batch is empty then.</summary>
    public DetachedBatch Detach()
    {
        var detached = new DetachedBatch(_buffer, _length, _messageSize);
        this = default;
        return detached;
    }
}
