using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>HKDF of the Noise protocol framework (revision 34, 4.3) with BLAKE2s: one to three keys from a chaining key and input.</summary>
public static class HkdfBlake2s
{
    /// <summary>Each output has at least 32 bytes, of which the first are written. An output may be the chaining key or the input.</summary>
    public static void Derive(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> first)
    {
        Span<byte> secret = stackalloc byte[Blake2s.HashSize];
        HmacBlake2s.Hash(chainingKey, input, secret);
        HmacBlake2s.Hash(secret, [1], first);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <inheritdoc cref="Derive(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte})"/>
    public static void Derive(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> first, Span<byte> second)
    {
        Span<byte> secret = stackalloc byte[Blake2s.HashSize];
        HmacBlake2s.Hash(chainingKey, input, secret);
        HmacBlake2s.Hash(secret, [1], first);
        HmacBlake2s.Hash(secret, first[..Blake2s.HashSize], [2], second);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <inheritdoc cref="Derive(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte})"/>
    public static void Derive(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> first, Span<byte> second, Span<byte> third)
    {
        Span<byte> secret = stackalloc byte[Blake2s.HashSize];
        HmacBlake2s.Hash(chainingKey, input, secret);
        HmacBlake2s.Hash(secret, [1], first);
        HmacBlake2s.Hash(secret, first[..Blake2s.HashSize], [2], second);
        HmacBlake2s.Hash(secret, second[..Blake2s.HashSize], [3], third);
        CryptographicOperations.ZeroMemory(secret);
    }
}
