using System.Buffers.Binary;
using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.WireGuard.Cookies;

/// <summary>XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): a nonce long enough to be random. OpenSSL does not have it.</summary>
internal static class XChaCha20Poly1305
{
    public const int NonceSize = 24;

    // The first 16 bytes of the nonce go into the key, the last 8 after four zero bytes into the nonce of ChaCha20-Poly1305.
    private const int NoncePartOfKey = 16;

    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> destination, ReadOnlySpan<byte> associatedData)
    {
        using var cipher = Cipher(key, nonce);
        cipher.Seal(BinaryPrimitives.ReadUInt64LittleEndian(nonce[NoncePartOfKey..]), plaintext, destination, associatedData);
    }

    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> destination, ReadOnlySpan<byte> associatedData)
    {
        using var cipher = Cipher(key, nonce);
        return cipher.TryOpen(BinaryPrimitives.ReadUInt64LittleEndian(nonce[NoncePartOfKey..]), message, destination, associatedData);
    }

    private static ChaCha20Poly1305Cipher Cipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        Span<byte> derived = stackalloc byte[ChaCha20Poly1305Cipher.KeySize];
        HChaCha20.Derive(key, nonce[..NoncePartOfKey], derived);
        var cipher = new ChaCha20Poly1305Cipher(derived);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
