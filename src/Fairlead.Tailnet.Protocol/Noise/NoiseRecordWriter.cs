using System.Buffers;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>Seals bytes into records, many at a time. Holds a buffer only during a write.</summary>
internal sealed class NoiseRecordWriter(ChaCha20Poly1305Cipher cipher)
{
    // Records per write of the stream below: 64 KiB, as much as a TLS stream or a socket takes well at once.
    private const int MaxRecords = 16;

    private RecordCounter _counter;
    private byte[]? _buffer;
    private bool _isBroken;

    /// <summary>Seals the beginning of a text.</summary>
    /// <param name="taken">How much of it.</param>
    /// <returns>Records to send; valid until the next call.</returns>
    /// <exception cref="IOException">An earlier write failed.</exception>
    public ReadOnlyMemory<byte> Seal(ReadOnlySpan<byte> plaintext, out int taken)
    {
        if (_isBroken)
        {
            throw new IOException("The channel is closed for writing: an earlier write failed.");
        }

        var records = Math.Min(MaxRecords, 1 + ((plaintext.Length - 1) / NoiseProtocol.MaxPlaintextSize));
        taken = Math.Min(plaintext.Length, records * NoiseProtocol.MaxPlaintextSize);
        const int Overhead = NoiseProtocol.HeaderSize + ChaCha20Poly1305Cipher.TagSize;
        var length = taken + (records * Overhead);
        var buffer = _buffer ??= ArrayPool<byte>.Shared.Rent(length);
        var target = buffer.AsSpan(0, length);
        var rest = plaintext[..taken];
        while (!rest.IsEmpty)
        {
            var part = rest[..Math.Min(rest.Length, NoiseProtocol.MaxPlaintextSize)];
            SealRecord(part, target[..(part.Length + Overhead)]);
            target = target[(part.Length + Overhead)..];
            rest = rest[part.Length..];
        }

        return buffer.AsMemory(0, length);
    }

    /// <summary>To be called when a write is over.</summary>
    /// <param name="isWhole">False if it failed: what was sent of it cannot be taken back, so nothing may follow.</param>
    public void Release(bool isWhole)
    {
        _isBroken |= !isWhole;
        if (_buffer is { } buffer)
        {
            _buffer = null;
            // After a failure the stream below may still be reading from the buffer.
            if (isWhole)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private void SealRecord(ReadOnlySpan<byte> plaintext, Span<byte> record)
    {
        Span<byte> nonce = stackalloc byte[ChaCha20Poly1305Cipher.NonceSize];
        _counter.Next(nonce);
        NoiseProtocol.WriteHeader(record, NoiseFrameType.Record, record.Length - NoiseProtocol.HeaderSize);
        cipher.Seal(nonce, plaintext, record[NoiseProtocol.HeaderSize..]);
    }
}
