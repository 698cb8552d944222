using System.Net.Security;
using System.Net.Sockets;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>
/// The channel after the handshake, for both roles: what is written goes out in sealed records, what is read was sealed by the other
/// side. One reader and one writer at a time, which may be different threads. The end of the stream below is the end of this one if it
/// lies between records; an attacker can cut a connection there, so what runs inside must know its own end, as HTTP/2 does.
/// </summary>
public sealed class NoiseStream : Stream
{
    private readonly Stream _inner;
    private readonly NoiseSession _session;
    private readonly NoiseRecordReader _reader;
    private readonly NoiseRecordWriter _writer;
    private bool _writesCompleted;

    /// <param name="inner">Carries the records, from the byte after the handshake on. Disposed of with this stream.</param>
    /// <param name="session">Disposed of with this stream.</param>
    public NoiseStream(Stream inner, NoiseSession session)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(session);
        _inner = inner;
        _session = session;
        _reader = new NoiseRecordReader(session.Receiving);
        _writer = new NoiseRecordWriter(session.Sending);
    }

    /// <summary>The other side's static key, proven.</summary>
    public MachinePublicKey Peer => _session.Peer;

    /// <inheritdoc cref="NoiseSession.Version"/>
    public int Version => _session.Version;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Takes the client's initiation, answers it on the stream, and returns the channel.</summary>
    /// <param name="inner">Disposed of with the result; the caller's if this throws.</param>
    /// <exception cref="NoiseHandshakeException">The initiation is not good; the client was told so.</exception>
    public static async Task<NoiseStream> AcceptAsync(
        Stream inner, ReadOnlyMemory<byte> initiation, MachinePrivateKey serverKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inner);
        var response = new byte[NoiseProtocol.ResponseSize];
        NoiseSession session;
        try
        {
            session = NoiseResponder.Respond(initiation.Span, serverKey, response);
        }
        catch (NoiseHandshakeException e)
        {
            await inner.WriteAsync(NoiseProtocol.ErrorFrame(e.Message), cancellationToken).ConfigureAwait(false);
            await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }

        try
        {
            await inner.WriteAsync(response, cancellationToken).ConfigureAwait(false);
            await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
            return new NoiseStream(inner, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Reads the server's response, after the initiation was sent, and returns the channel.</summary>
    /// <param name="inner">Disposed of with the result; the caller's if this throws.</param>
    /// <exception cref="NoiseHandshakeException">The server refused, or is not the one whose key was given.</exception>
    /// <exception cref="EndOfStreamException">The server hung up.</exception>
    public static async Task<NoiseStream> ConnectAsync(Stream inner, NoiseInitiator initiator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(initiator);
        var header = new byte[NoiseProtocol.HeaderSize];
        await inner.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
        var frame = new byte[NoiseProtocol.HeaderSize + NoiseProtocol.LengthOf(header)];
        if (frame.Length > NoiseProtocol.MaxFrameSize)
        {
            throw new NoiseHandshakeException($"The server answered the handshake with a frame of type {header[0]} and {frame.Length} bytes.");
        }

        header.CopyTo(frame, 0);
        await inner.ReadExactlyAsync(frame.AsMemory(NoiseProtocol.HeaderSize), cancellationToken).ConfigureAwait(false);
        return new NoiseStream(inner, initiator.ReadResponse(frame));
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int taken;
        while (!_reader.TryRead(buffer.Span, out taken))
        {
            if (_reader.IsIdle)
            {
                // Nothing is on its way: wait without a buffer, which for most connections is most of the time.
                await _inner.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            }

            var read = await _inner.ReadAsync(_reader.Room(), cancellationToken).ConfigureAwait(false);
            _reader.Received(read);
        }

        return taken;
    }

    /// <returns>0 at the end of the stream.</returns>
    /// <exception cref="IOException">A record was changed or cut off. Nothing more can be read then.</exception>
    public override int Read(Span<byte> buffer)
    {
        int taken;
        while (!_reader.TryRead(buffer, out taken))
        {
            _reader.Received(_inner.Read(_reader.Room().Span));
        }

        return taken;
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        RequireOpenForWriting();
        var isWhole = false;
        try
        {
            while (!buffer.IsEmpty)
            {
                var records = _writer.Seal(buffer.Span, out var taken);
                await _inner.WriteAsync(records, cancellationToken).ConfigureAwait(false);
                buffer = buffer[taken..];
            }

            isWhole = true;
        }
        finally
        {
            _writer.Release(isWhole);
        }
    }

    /// <exception cref="IOException">The stream below failed, now or at an earlier write, and may have sent a part of a record.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireOpenForWriting();
        var isWhole = false;
        try
        {
            while (!buffer.IsEmpty)
            {
                var records = _writer.Seal(buffer, out var taken);
                _inner.Write(records.Span);
                buffer = buffer[taken..];
            }

            isWhole = true;
        }
        finally
        {
            _writer.Release(isWhole);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => _inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    /// <summary>Ends this direction: the other side reads to the end, and may go on writing. Writing afterwards throws.</summary>
    public async Task CompleteWritesAsync(CancellationToken cancellationToken = default)
    {
        _writesCompleted = true;
        await _inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        switch (_inner)
        {
            case NetworkStream network: network.Socket.Shutdown(SocketShutdown.Send); break;
            case SslStream tls: await tls.ShutdownAsync().ConfigureAwait(false); break;
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _session.Dispose();
        }

        base.Dispose(disposing);
    }

    private void RequireOpenForWriting()
    {
        if (_writesCompleted)
        {
            throw new InvalidOperationException("This direction of the channel was completed.");
        }
    }
}
