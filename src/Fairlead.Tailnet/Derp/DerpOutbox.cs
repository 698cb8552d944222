using System.Buffers;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Derp;

/// <summary>
/// What waits to go out on one connection, from before it is made to its end. Frames gather while a write is under way and leave
/// together with the next one. Bounded: what does not fit is dropped. Holds no memory while nothing waits. Thread-safe.
/// </summary>
internal sealed class DerpOutbox(int maxBytes)
{
    private const int InitialSize = 4 << 10;

    private readonly Lock _lock = new();
    private byte[] _pending = [];
    private int _length;
    private Stream? _stream;
    private bool _isWriting;
    private bool _isClosed;

    /// <summary>Bytes handed to the stream.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Adds a packet frame for each datagram.</summary>
    /// <returns>How many did not fit.</returns>
    public int AppendPackets(NodePublicKey to, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        var dropped = 0;
        lock (_lock)
        {
            while (!datagrams.IsEmpty)
            {
                var datagram = datagrams[..Math.Min(datagramSize, datagrams.Length)];
                datagrams = datagrams[datagram.Length..];
                if (datagram.Length <= DerpProtocol.MaxPacketSize && TryReserve(DerpFrameWriter.PacketHeaderSize + datagram.Length))
                    _length += DerpFrameWriter.SendPacket(_pending.AsSpan(_length), to, datagram);
                else
                    dropped++;
            }
        }

        return dropped;
    }

    /// <returns>False if there is no room.</returns>
    public bool TryAppend(ReadOnlySpan<byte> frame)
    {
        lock (_lock)
        {
            if (!TryReserve(frame.Length))
                return false;
            frame.CopyTo(_pending.AsSpan(_length));
            _length += frame.Length;
            return true;
        }
    }

    /// <summary>The connection is made: what waits may go.</summary>
    public void Attach(Stream stream)
    {
        lock (_lock)
            _stream = stream;
        Flush();
    }

    /// <summary>Writes what waits, unless someone is at it. Returns when all is written or the stream makes it wait.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_stream is null || _isWriting || _length == 0 || _isClosed)
                return;
            _isWriting = true;
        }

        // A write that cannot finish goes on by itself; it ends with the stream.
        _ = WriteAsync(_stream);
    }

    /// <summary>Drops what waits. Nothing more is taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            Release();
        }
    }

    private async Task WriteAsync(Stream stream)
    {
        while (TakePending() is ({ } batch, var length))
        {
            try
            {
                await stream.WriteAsync(batch.AsMemory(0, length)).ConfigureAwait(false);
            }
            catch (Exception e) when (DerpFailure.IsExpected(e))
            {
                // The reader notices the end of the stream and acts on it.
                Close();
                await stream.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(batch);
            }
        }
    }

    private (byte[] Batch, int Length)? TakePending()
    {
        lock (_lock)
        {
            if (_length == 0 || _isClosed)
            {
                _isWriting = false;
                Release();
                return null;
            }

            var taken = (_pending, _length);
            BytesSent += _length;
            _pending = [];
            _length = 0;
            return taken;
        }
    }

    private bool TryReserve(int size)
    {
        var needed = _length + size;
        if (_isClosed || needed > maxBytes)
            return false;
        if (needed > _pending.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(InitialSize, 2 * _pending.Length)));
            _pending.AsSpan(0, _length).CopyTo(larger);
            ReturnPending();
            _pending = larger;
        }

        return true;
    }

    private void Release()
    {
        _length = 0;
        ReturnPending();
        _pending = [];
    }

    private void ReturnPending()
    {
        if (_pending.Length > 0)
            ArrayPool<byte>.Shared.Return(_pending);
    }
}
