using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>HMAC (RFC 2104) with BLAKE2s-256, as the Noise protocol framework uses it. Not BLAKE2s' own keyed hash.</summary>
public static class HmacBlake2s
{
    /// <param name="key">At most 64 bytes, BLAKE2s' block size: longer ones do not occur in Noise.</param>
    /// <param name="destination">At least 32 bytes, of which the first are written. It may be the key or the message.</param>
    public static void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> destination) => Hash(key, message, [], destination);

    /// <summary>Of two parts, one after the other.</summary>
    /// <inheritdoc cref="Hash(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte})"/>
    public static void Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        const byte InnerPad = 0x36;
        const byte OuterPad = 0x5C;
        Span<byte> block = stackalloc byte[Blake2s.BlockSize];
        Span<byte> inner = stackalloc byte[Blake2s.HashSize];
        block.Clear();
        key.CopyTo(block);
        Xor(block, InnerPad);
        var hash = new Blake2sHash(Blake2s.HashSize);
        hash.Append(block);
        hash.Append(first);
        hash.Append(second);
        hash.Finish(inner);
        Xor(block, InnerPad ^ OuterPad);
        Blake2s.Hash(block, inner, destination[..Blake2s.HashSize]);
        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(inner);
    }

    private static void Xor(Span<byte> block, byte pad)
    {
        foreach (ref var value in block)
        {
            value ^= pad;
        }
    }
}
