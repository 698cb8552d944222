using System.Buffers;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>
/// Cuts received bytes into records and opens them. Holds a buffer only while bytes wait in it. The buffer is given back by the reading
/// side alone, never by a disposal next to a running read.
/// </summary>
internal sealed class NoiseRecordReader(ChaCha20Poly1305Cipher cipher)
{
    // Four of the longest frames: a read that meets a busy sender takes several at once.
    private const int BufferSize = 4 * NoiseProtocol.MaxFrameSize;

    private RecordCounter _counter;
    private byte[]? _buffer;

    // Sealed bytes that wait, and before them opened ones that a short destination had no room for.
    private int _start;
    private int _end;
    private int _plainStart;
    private int _plainEnd;
    private bool _hasEnded;
    private string? _fault;

    /// <summary>Whether nothing waits, not even a part of a record.</summary>
    public bool IsIdle => _buffer is null;

    /// <summary>Takes what is at hand.</summary>
    /// <param name="taken">0 with a true result is the end, or the answer to an empty destination.</param>
    /// <returns>False if more has to be received first.</returns>
    /// <exception cref="IOException">A record is not good, and all before it was taken.</exception>
    public bool TryRead(Span<byte> destination, out int taken)
    {
        taken = TakeOpened(destination);
        while (_plainStart == _plainEnd && (taken < destination.Length || destination.IsEmpty) && TryOpenNext(destination[taken..], out var opened))
        {
            taken += opened;
            taken += TakeOpened(destination[taken..]);
        }

        var hasPlain = _plainStart < _plainEnd;
        if (_start == _end && !hasPlain)
        {
            Release();
        }

        if (taken == 0 && !hasPlain && _fault is not null)
        {
            throw new IOException(_fault);
        }

        return taken > 0 || hasPlain || _hasEnded;
    }

    /// <summary>Where to receive to, after <see cref="TryRead"/> found too little.</summary>
    public Memory<byte> Room()
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        return _buffer.AsMemory(_end);
    }

    /// <param name="count">Bytes received to <see cref="Room"/>; 0 at the end of the stream.</param>
    public void Received(int count)
    {
        _end += count;
        if (count > 0)
        {
            return;
        }

        if (_start < _end)
        {
            _fault = "The channel ended inside a record.";
            _end = _start;
        }

        _hasEnded = true;
    }

    private int TakeOpened(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, _plainEnd - _plainStart);
        _buffer.AsSpan(_plainStart, count).CopyTo(destination);
        _plainStart += count;
        return count;
    }

    // Straight to the destination if there is room for the whole record, else in place.
    private bool TryOpenNext(Span<byte> destination, out int opened)
    {
        opened = 0;
        var sealedBytes = _buffer.AsSpan(_start, _end - _start);
        if (_fault is not null || sealedBytes.Length < NoiseProtocol.HeaderSize)
        {
            return false;
        }

        var length = NoiseProtocol.LengthOf(sealedBytes);
        if (sealedBytes[0] != (byte)NoiseFrameType.Record
            || length is < ChaCha20Poly1305Cipher.TagSize or > NoiseProtocol.MaxFrameSize - NoiseProtocol.HeaderSize)
        {
            return Fail($"The channel carried a frame of type {sealedBytes[0]} and {length} bytes where a record was due.");
        }

        if (sealedBytes.Length < NoiseProtocol.HeaderSize + length)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[ChaCha20Poly1305Cipher.NonceSize];
        _counter.Next(nonce);
        var record = sealedBytes.Slice(NoiseProtocol.HeaderSize, length);
        var plainLength = length - ChaCha20Poly1305Cipher.TagSize;
        var isDirect = destination.Length >= plainLength;
        if (!cipher.TryOpen(nonce, record, isDirect ? destination : record))
        {
            return Fail("A record of the channel was changed, lost or repeated on its way.");
        }

        if (isDirect)
        {
            opened = plainLength;
        }
        else
        {
            _plainStart = _start + NoiseProtocol.HeaderSize;
            _plainEnd = _plainStart + plainLength;
        }

        _start += NoiseProtocol.HeaderSize + length;
        return true;
    }

    private bool Fail(string fault)
    {
        _fault = fault;
        _start = _end;
        return false;
    }

    private void Release()
    {
        (_start, _end, _plainStart, _plainEnd) = (0, 0, 0, 0);
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
