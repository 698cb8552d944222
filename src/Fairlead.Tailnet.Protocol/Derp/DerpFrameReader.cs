using System.Buffers;
using System.Runtime.CompilerServices;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>
/// Takes frames off a stream. Holds a buffer only while bytes are there: an idle connection costs none. Frames of unknown types are
/// skipped without being kept. For one reader at a time.
/// </summary>
public sealed class DerpFrameReader(Stream stream) : IDisposable
{
    // Some tens of ordinary packets per read: large enough that reads are not what relaying costs.
    private const int ReadSize = 64 << 10;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _toSkip;
    private int _payloadStart;
    private int _payloadLength;

    /// <summary>Type of the frame that was read last.</summary>
    public DerpFrameType Type { get; private set; }

    /// <summary>Payload of the frame that was read last. Valid until the next call; may be changed.</summary>
    public Span<byte> Payload => _buffer.AsSpan(_payloadStart, _payloadLength);

    /// <summary>Bytes taken off the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Moves to the next frame if all of it is at hand.</summary>
    /// <exception cref="DerpFormatException">A frame breaks the limits.</exception>
    public bool TryRead()
    {
        while (true)
        {
            var skipped = Math.Min(_toSkip, _end - _start);
            _start += skipped;
            _toSkip -= skipped;
            if (_toSkip > 0 || !DerpFrameHeader.TryRead(_buffer.AsSpan(_start, _end - _start), out var header))
                return false;
            if (!header.IsKnown)
            {
                _toSkip = DerpProtocol.HeaderSize + header.Length;
                continue;
            }

            var size = DerpProtocol.HeaderSize + header.Length;
            if (_end - _start < size)
                return false;
            Type = header.Type;
            _payloadStart = _start + DerpProtocol.HeaderSize;
            _payloadLength = header.Length;
            _start += size;
            return true;
        }
    }

    /// <summary>Waits for bytes, after <see cref="TryRead"/> found no whole frame.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="DerpFormatException">The stream ended inside a frame.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        var pending = _end - _start;
        if (pending == 0)
        {
            ReturnBuffer();

            // A read of nothing completes when there is something to read: no memory is held while the connection is idle.
            await stream.ReadAsync(Memory<byte>.Empty, ct).ConfigureAwait(false);
        }

        MakeRoom(pending);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
        if (read == 0)
            return pending == 0 && _toSkip == 0 ? false : throw new DerpFormatException("The DERP stream ended inside a frame.");
        _end += read;
        BytesRead += read;
        return true;
    }

    /// <summary>Moves to the next frame, waiting for it.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="DerpFormatException">A frame breaks the limits, or the stream ended inside one.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken ct)
    {
        while (!TryRead())
        {
            if (!await FillAsync(ct).ConfigureAwait(false))
                return false;
        }

        return true;
    }

    /// <summary>Gives the buffer back. The stream stays open.</summary>
    public void Dispose()
    {
        _start = _end = 0;
        ReturnBuffer();
    }

    private void MakeRoom(int pending)
    {
        _payloadStart = _payloadLength = 0;
        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
            return;
        }

        var needed = pending >= DerpProtocol.HeaderSize && DerpFrameHeader.TryRead(_buffer.AsSpan(_start, pending), out var header)
            ? DerpProtocol.HeaderSize + header.Length
            : 0;
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            _buffer.AsSpan(_start, pending).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, pending).CopyTo(_buffer);
        }

        _start = 0;
        _end = pending;
    }

    private void ReturnBuffer()
    {
        _payloadStart = _payloadLength = _start = _end = 0;
        if (_buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
