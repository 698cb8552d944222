namespace Fairlead.Tailnet.Packets;

/// <summary>
/// Carries packets to a receiver in the same process: two of them connect two network stacks. Packets wait in one block of memory until the
/// thread pool brings them over, in order and one batch at a time; when it is full, more are dropped, as on any network.
/// </summary>
/// <param name="mtu">Largest packet in bytes.</param>
/// <param name="capacity">Bytes of packets that may wait.</param>
public sealed class InMemoryLink(int mtu, int capacity = 8 * 1024 * 1024) : IPacketLink, IThreadPoolWorkItem
{
    private const int SmallestBlock = 64 * 1024;
    private const int LengthSize = sizeof(int);

    // Traffic that has become small gives the memory of large batches back, but not for each pause within a transfer.
    private const int SmallBatchesBeforeRelease = 1000;

    private readonly Lock _gate = new();
    private byte[] _filling = [];
    private byte[] _emptying = [];
    private int _filled;
    private int _smallBatches;
    private bool _running;

    public int Mtu => mtu;

    /// <summary>Where the packets go; until it is set they are dropped.</summary>
    public IPacketReceiver? Receiver { get; set; }

    /// <inheritdoc />
    public void Send(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            var end = _filled + LengthSize + packet.Length;
            if (packet.Length > mtu || end > capacity)
            {
                return;
            }

            if (end > _filling.Length)
            {
                Array.Resize(ref _filling, Math.Min(capacity, Math.Max(SmallestBlock, 2 * end)));
            }

            BitConverter.TryWriteBytes(_filling.AsSpan(_filled), packet.Length);
            packet.CopyTo(_filling.AsSpan(_filled + LengthSize));
            _filled = end;
        }
    }

    /// <inheritdoc />
    public void Flush()
    {
        lock (_gate)
        {
            if (_running || _filled == 0)
            {
                return;
            }

            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TakeBatch() is var length && length > 0)
        {
            if (Receiver is not { } receiver)
            {
                continue;
            }

            for (var offset = 0; offset < length;)
            {
                var size = BitConverter.ToInt32(_emptying, offset);
                receiver.Receive(_emptying.AsSpan(offset + LengthSize, size));
                offset += LengthSize + size;
            }

            receiver.EndOfBatch();
        }
    }

    /// <returns>Bytes to bring over; 0 if there are none, and then this thread's turn is over.</returns>
    private int TakeBatch()
    {
        lock (_gate)
        {
            var length = _filled;
            _filled = 0;
            if (length > 0)
            {
                _smallBatches = 2 * length > SmallestBlock ? 0 : _smallBatches + 1;
                (_filling, _emptying) = (_emptying, _filling);
                return length;
            }

            _running = false;
            if (_smallBatches >= SmallBatchesBeforeRelease)
            {
                _smallBatches = 0;
                _filling = [];
                _emptying = [];
            }

            return 0;
        }
    }
}
