using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>
/// An open TCP connection as a stream. Takes one read and one write at a time, from any threads. Failures are <see cref="IOException"/>
/// with a <see cref="SocketException"/> inside that says what happened. A read into an empty buffer completes when there is something to read.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a connection first; RemoteEndPoint, CloseWrite and Abort are no stream's.")]
public sealed class TcpConnection : Stream
{
    private readonly TransmissionControlBlock _block;
    private readonly TimeSpan? _linger;
    private bool _disposed;

    internal TcpConnection(TransmissionControlBlock block)
    {
        _block = block;
        _linger = block.Linger;
    }

    public IPEndPoint LocalEndPoint => field ??= _block.Key.LocalEndPoint;

    public IPEndPoint RemoteEndPoint => field ??= _block.Key.RemoteEndPoint;

    /// <summary>Completes when the connection is over, in whatever way; never fails.</summary>
    public Task Closed => _block.Closed;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    internal TransmissionControlBlock Block => _block;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : _block.ReadAsync(buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : _block.WriteAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <summary>Ends this side's stream: the peer reads to the end, and can still write.</summary>
    public void CloseWrite() => _block.CloseWrite();

    /// <summary>Resets the connection at once; what was not yet delivered is lost.</summary>
    public void Abort()
    {
        Volatile.Write(ref _disposed, true);
        _block.Reset();
        _block.Close();
    }

    /// <summary>Written bytes are on their way at once.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Closes as <see cref="TcpConnectionOptions.Linger"/> has it, and waits if that names a time.</summary>
    public override async ValueTask DisposeAsync()
    {
        Dispose(true);
        if (_linger is { } linger && linger > TimeSpan.Zero)
        {
            await _block.Closed.ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _disposed, true))
        {
            _block.Close();
        }

        base.Dispose(disposing);
    }
}
