using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>
/// NaCl's <c>crypto_box</c> (Curve25519, XSalsa20, Poly1305) between two keys, with what they agree on computed once. Both sides' objects
/// are equal. Safe to use from several threads; not to be used after <see cref="Dispose"/>, which wipes the key.
/// </summary>
public sealed class NaclBox : IDisposable
{
    /// <summary>Length of a nonce in bytes. Long enough to be drawn at random for each message.</summary>
    public const int NonceSize = 24;

    /// <summary>By how many bytes a box is longer than the message; they come first.</summary>
    public const int Overhead = 16;

    private readonly byte[] _key = GC.AllocateUninitializedArray<byte>(PrivateKey.Size, pinned: true);
    private volatile bool _disposed;

    /// <exception cref="CryptographicException">The public key is of low order: no secret would be shared with anyone.</exception>
    public NaclBox(PrivateKey privateKey, in PublicKey publicKey)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        if (!privateKey.TryAgree(publicKey, _key))
        {
            throw new CryptographicException($"No secret can be agreed on with the public key {publicKey}: it is of low order.");
        }

        Salsa20.DeriveKey(_key, stackalloc byte[16], _key);
    }

    /// <param name="nonce">Exactly <see cref="NonceSize"/> bytes, never used before between the two keys, in either direction.</param>
    /// <param name="destination">
    /// At least <see cref="Overhead"/> bytes longer than the message. The message may lie <see cref="Overhead"/> bytes into it; else
    /// they must not overlap.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        RequireFit(nonce, destination.Length, message.Length + Overhead);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var stream = new XSalsa20Stream(_key, nonce);
        var ciphertext = destination.Slice(Overhead, message.Length);
        stream.Xor(message, ciphertext);
        stream.Authenticate(ciphertext, destination);
        stream.Wipe();
    }

    /// <param name="nonce">Exactly <see cref="NonceSize"/> bytes.</param>
    /// <param name="destination">
    /// Room for the box without its overhead. It may be the box from <see cref="Overhead"/> bytes on; else they must not overlap.
    /// </param>
    /// <returns>False, with nothing written, if the box is not what the two keys and the nonce seal.</returns>
    /// <exception cref="ArgumentException">The destination is too short, or the nonce has another length.</exception>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> destination)
    {
        if (box.Length < Overhead)
        {
            return false;
        }

        var ciphertext = box[Overhead..];
        RequireFit(nonce, destination.Length, ciphertext.Length);
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> tag = stackalloc byte[Poly1305.TagSize];
        var stream = new XSalsa20Stream(_key, nonce);
        stream.Authenticate(ciphertext, tag);
        var isAuthentic = CryptographicOperations.FixedTimeEquals(tag, box[..Overhead]);
        if (isAuthentic)
        {
            stream.Xor(ciphertext, destination);
        }

        stream.Wipe();
        return isAuthentic;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }

    private static void RequireFit(ReadOnlySpan<byte> nonce, int room, int needed)
    {
        if (nonce.Length != NonceSize)
        {
            throw new ArgumentException($"A nonce has {NonceSize} bytes, not {nonce.Length}.", nameof(nonce));
        }

        if (room < needed)
        {
            throw new ArgumentException($"The destination has {room} bytes and needs {needed}.");
        }
    }
}
