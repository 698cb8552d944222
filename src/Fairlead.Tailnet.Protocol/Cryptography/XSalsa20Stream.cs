using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>
/// The key stream of NaCl's <c>crypto_secretbox</c> for one message: its first 32 bytes are the Poly1305 key, the message is sealed with
/// what follows. To be wiped.
/// </summary>
internal ref struct XSalsa20Stream
{
    private KeyBytes _key;
    private BlockBytes _first;
    private readonly ReadOnlySpan<byte> _nonce;

    public XSalsa20Stream(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        Salsa20.DeriveKey(key, nonce, _key);
        _nonce = nonce[16..];
        Salsa20.Block(_key, _nonce, 0, _first);
    }

    public readonly void Authenticate(scoped ReadOnlySpan<byte> ciphertext, scoped Span<byte> tag) =>
        Poly1305.Compute(((ReadOnlySpan<byte>)_first)[..Poly1305.KeySize], ciphertext, tag);

    public readonly void Xor(scoped ReadOnlySpan<byte> source, scoped Span<byte> destination)
    {
        var length = Math.Min(source.Length, Salsa20.BlockSize - Poly1305.KeySize);
        Xor(source[..length], ((ReadOnlySpan<byte>)_first)[Poly1305.KeySize..], destination);
        Span<byte> block = stackalloc byte[Salsa20.BlockSize];
        for (ulong counter = 1; length < source.Length; counter++)
        {
            Salsa20.Block(_key, _nonce, counter, block);
            var part = Math.Min(source.Length - length, Salsa20.BlockSize);
            Xor(source.Slice(length, part), block, destination[length..]);
            length += part;
        }

        CryptographicOperations.ZeroMemory(block);
    }

    public void Wipe()
    {
        CryptographicOperations.ZeroMemory(_key);
        CryptographicOperations.ZeroMemory(_first);
    }

    private static void Xor(ReadOnlySpan<byte> source, ReadOnlySpan<byte> stream, Span<byte> destination)
    {
        var i = 0;
        for (; i + Vector<byte>.Count <= source.Length; i += Vector<byte>.Count)
        {
            (new Vector<byte>(source[i..]) ^ new Vector<byte>(stream[i..])).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = (byte)(source[i] ^ stream[i]);
        }
    }

    [InlineArray(PrivateKey.Size)]
    private struct KeyBytes
    {
        private byte _first;
    }

    [InlineArray(Salsa20.BlockSize)]
    private struct BlockBytes
    {
        private byte _first;
    }
}
