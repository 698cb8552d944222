using System.Buffers.Binary;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.TailnetNodes.Proxying;

/// <summary>
/// Bytes in frames over a stream that cannot be half closed, so that the end of one direction can be told: a length of four bytes, big
/// endian, before each frame, and 0 for the end.
/// </summary>
internal sealed class FramedStream(Stream inner) : Stream, IHalfClosingStream
{
    private readonly byte[] _header = new byte[4];
    private readonly byte[] _outHeader = new byte[4];
    private int _left;
    private bool _hasEnded;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>An empty buffer waits until something can be read, or the end.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_hasEnded)
        {
            return 0;
        }

        if (_left == 0)
        {
            await inner.ReadExactlyAsync(_header, cancellationToken).ConfigureAwait(false);
            _left = BinaryPrimitives.ReadInt32BigEndian(_header);
            if (_left <= 0)
            {
                _hasEnded = true;
                return 0;
            }
        }

        var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false);
        _left -= read;
        return read > 0 || buffer.IsEmpty ? read : throw new EndOfStreamException("The connection broke.");
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        BinaryPrimitives.WriteInt32BigEndian(_outHeader, buffer.Length);
        await inner.WriteAsync(_outHeader, cancellationToken).ConfigureAwait(false);
        await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the other side that no more will come.</summary>
    public async ValueTask CloseWriteAsync(CancellationToken cancellationToken)
    {
        await inner.WriteAsync(new byte[4], cancellationToken).ConfigureAwait(false);
        await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous reads.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous writes.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
