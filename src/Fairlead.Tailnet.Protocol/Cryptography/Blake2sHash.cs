using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>
/// BLAKE2s (RFC 7693) of a message in parts. A value: a copy goes on by itself. <see cref="Finish"/> ends it and wipes what it held.
/// </summary>
/// <remarks>Managed, on 128-bit vectors: a call into OpenSSL costs more than the one or two blocks that handshakes hash.</remarks>
public struct Blake2sHash
{
    private State _state;
    private Block _buffer;
    private int _buffered;
    private ulong _counted;
    private readonly int _length;

    /// <param name="length">Length of the hash: 1 to 32 bytes.</param>
    /// <param name="key">At most 32 bytes; none for the plain hash.</param>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    public Blake2sHash(int length, ReadOnlySpan<byte> key = default)
    {
        if (length is < 1 or > Blake2s.HashSize)
        {
            throw new ArgumentException($"A BLAKE2s hash has 1 to {Blake2s.HashSize} bytes, not {length}.", nameof(length));
        }

        if (key.Length > Blake2s.HashSize)
        {
            throw new ArgumentException($"A BLAKE2s key has at most {Blake2s.HashSize} bytes, not {key.Length}.", nameof(key));
        }

        _length = length;
        _state.Low = Blake2sCompression.InitialLow ^ Vector128.CreateScalar(0x0101_0000u | ((uint)key.Length << 8) | (uint)length);
        _state.High = Blake2sCompression.InitialHigh;
        if (!key.IsEmpty)
        {
            // RFC 7693, 2.9: a key is a first block of its own, padded with zeros.
            key.CopyTo(_buffer);
            _buffered = Blake2s.BlockSize;
        }
    }

    public void Append(ReadOnlySpan<byte> part)
    {
        // The last block is compressed differently, so a full buffer waits until more comes.
        while (!part.IsEmpty)
        {
            if (_buffered == Blake2s.BlockSize)
            {
                Compress(_buffer, Blake2s.BlockSize, last: false);
                _buffered = 0;
            }

            if (_buffered == 0 && part.Length > Blake2s.BlockSize)
            {
                Compress(part[..Blake2s.BlockSize], Blake2s.BlockSize, last: false);
                part = part[Blake2s.BlockSize..];
                continue;
            }

            var taken = Math.Min(part.Length, Blake2s.BlockSize - _buffered);
            part[..taken].CopyTo(((Span<byte>)_buffer)[_buffered..]);
            _buffered += taken;
            part = part[taken..];
        }
    }

    /// <param name="destination">At least as long as the hash.</param>
    public void Finish(Span<byte> destination)
    {
        Span<byte> buffer = _buffer;
        buffer[_buffered..].Clear();
        Compress(buffer, _buffered, last: true);
        Span<byte> hash = stackalloc byte[Blake2s.HashSize];
        _state.Low.AsByte().CopyTo(hash);
        _state.High.AsByte().CopyTo(hash[16..]);
        hash[.._length].CopyTo(destination);
        CryptographicOperations.ZeroMemory(hash);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<Blake2sHash>(ref this)));
    }

    private void Compress(ReadOnlySpan<byte> block, int length, bool last)
    {
        _counted += (uint)length;
        Blake2sCompression.Compress(ref _state.Low, ref _state.High, block, _counted, last);
    }

    private struct State
    {
        public Vector128<uint> Low;
        public Vector128<uint> High;
    }

    [InlineArray(Blake2s.BlockSize)]
    private struct Block
    {
        private byte _first;
    }
}
