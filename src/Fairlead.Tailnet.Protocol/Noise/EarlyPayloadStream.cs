using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>
/// For clients: a channel whose early payload, if the server sends one, was taken off. It is looked for by the first read and not
/// before, since a server may wait for the client's first bytes.
/// </summary>
/// <param name="channel">Disposed of with this stream.</param>
public sealed class EarlyPayloadStream(Stream channel) : Stream
{
    private readonly TaskCompletionSource<EarlyNoise?> _payload = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // First bytes that turned out to be no early payload; null until looked at.
    private ReadOnlyMemory<byte>? _head;

    /// <summary>Null if the server sent none. Completes with the first read, which has to be made by whoever uses the stream.</summary>
    public Task<EarlyNoise?> Payload => _payload.Task;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="IOException">The channel failed, or the server's early payload is malformed.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _head is { IsEmpty: true } ? channel.ReadAsync(buffer, cancellationToken) : ReadHeadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        channel.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        channel.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => channel.Write(buffer, offset, count);

    public override void Flush() => channel.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => channel.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            channel.Dispose();
            _payload.TrySetCanceled();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadHeadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _head ??= await LookAsync(cancellationToken).ConfigureAwait(false);
        var head = _head.Value;
        if (head.IsEmpty)
        {
            return await channel.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(head.Length, buffer.Length);
        head[..count].CopyTo(buffer);
        _head = head[count..];
        return count;
    }

    // What an interrupted look has taken is lost, and with it the place in the stream.
    private async Task<ReadOnlyMemory<byte>> LookAsync(CancellationToken cancellationToken)
    {
        if (_payload.Task.IsFaulted)
        {
            throw new IOException("The channel cannot be read: its beginning could not.", _payload.Task.Exception.InnerException);
        }

        try
        {
            return await PeekAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _payload.TrySetException(e);
            // Seen here already: the task's own exception need not be observed.
            _ = _payload.Task.Exception;
            throw;
        }
    }

    private async Task<ReadOnlyMemory<byte>> PeekAsync(CancellationToken cancellationToken)
    {
        var header = new byte[EarlyPayload.HeaderSize];
        var length = 0;
        while (length < header.Length)
        {
            var read = await channel.ReadAsync(header.AsMemory(length), cancellationToken).ConfigureAwait(false);
            length += read;
            var magic = EarlyPayload.Magic[..Math.Min(length, EarlyPayload.Magic.Length)];
            if (read == 0 || !header.AsSpan().StartsWith(magic))
            {
                _payload.TrySetResult(null);
                return header.AsMemory(0, length);
            }
        }

        _payload.TrySetResult(await ReadPayloadAsync(header, cancellationToken).ConfigureAwait(false));
        return ReadOnlyMemory<byte>.Empty;
    }

    private async Task<EarlyNoise> ReadPayloadAsync(byte[] header, CancellationToken cancellationToken)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(EarlyPayload.Magic.Length));
        if (length > EarlyPayload.MaxSize)
        {
            throw new IOException($"The server's early payload has {length} bytes; {EarlyPayload.MaxSize} are allowed.");
        }

        // Grows with what comes, not with what is announced.
        var json = new ArrayBufferWriter<byte>();
        while (json.WrittenCount < length)
        {
            var room = json.GetMemory(NoiseProtocol.MaxPlaintextSize);
            var read = await channel.ReadAsync(room[..(int)Math.Min(room.Length, length - json.WrittenCount)], cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException("The channel ended inside the server's early payload.");
            }

            json.Advance(read);
        }

        try
        {
            return ControlJson.Deserialize<EarlyNoise>(json.WrittenSpan);
        }
        catch (JsonException e)
        {
            throw new IOException("The server's early payload is not the JSON it should be.", e);
        }
    }
}
