using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>
/// The symmetric state of the Noise protocol framework (revision 34, 5.2) with ChaChaPoly and BLAKE2s: what both sides of a handshake
/// compute the same. For one handshake and one thread; to be disposed of, which wipes it.
/// </summary>
public sealed class NoiseSymmetricState : IDisposable
{
    /// <summary>Length in bytes of hashes, chaining keys and cipher keys.</summary>
    public const int HashSize = Blake2s.HashSize;

    // Chaining key, hash, cipher key.
    private readonly byte[] _memory = GC.AllocateArray<byte>(3 * HashSize, pinned: true);
    private bool _hasKey;
    private ulong _nonce;

    /// <param name="protocolName">ASCII, e.g. <c>Noise_IK_25519_ChaChaPoly_BLAKE2s</c>.</param>
    public NoiseSymmetricState(ReadOnlySpan<byte> protocolName)
    {
        if (protocolName.Length <= HashSize)
        {
            protocolName.CopyTo(HashBytes);
        }
        else
        {
            Blake2s.Hash(protocolName, HashBytes);
        }

        HashBytes.CopyTo(ChainingKey);
    }

    /// <summary>The hash of all that happened so far; at the end it names the session.</summary>
    public ReadOnlySpan<byte> Hash => HashBytes;

    private Span<byte> ChainingKey => _memory.AsSpan(0, HashSize);

    private Span<byte> HashBytes => _memory.AsSpan(HashSize, HashSize);

    private Span<byte> CipherKey => _memory.AsSpan(2 * HashSize, HashSize);

    public void MixHash(ReadOnlySpan<byte> data) => Blake2s.Hash(Hash, data, HashBytes);

    /// <summary>Of public keys: without the copy.</summary>
    public void MixHash(in PublicKey publicKey)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Size];
        publicKey.CopyTo(bytes);
        MixHash(bytes);
    }

    /// <summary>Takes in a shared secret, from which the next cipher key comes.</summary>
    public void MixKey(ReadOnlySpan<byte> input)
    {
        HkdfBlake2s.Derive(ChainingKey, input, ChainingKey, CipherKey);
        StartKey();
    }

    /// <summary>Takes in what a private and a public key agree on.</summary>
    /// <returns>False if they agree on nothing, because the public key is of low order: the handshake must end.</returns>
    public bool TryMixAgreement(PrivateKey privateKey, in PublicKey publicKey)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        Span<byte> secret = stackalloc byte[PrivateKey.Size];
        var agreed = privateKey.TryAgree(publicKey, secret);
        if (agreed)
        {
            MixKey(secret);
        }

        CryptographicOperations.ZeroMemory(secret);
        return agreed;
    }

    /// <summary>Takes in a preshared key (the <c>psk</c> modifier of 9).</summary>
    public void MixKeyAndHash(ReadOnlySpan<byte> presharedKey)
    {
        Span<byte> hashed = stackalloc byte[HashSize];
        HkdfBlake2s.Derive(ChainingKey, presharedKey, ChainingKey, hashed, CipherKey);
        MixHash(hashed);
        CryptographicOperations.ZeroMemory(hashed);
        StartKey();
    }

    /// <summary>Seals a part of a message and takes the ciphertext in.</summary>
    /// <param name="destination">Exactly 16 bytes longer than the plaintext, and apart from it.</param>
    public void EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        RequireKey();
        using (var cipher = new ChaCha20Poly1305Cipher(CipherKey))
        {
            cipher.Seal(_nonce++, plaintext, destination, Hash);
        }

        MixHash(destination[..(plaintext.Length + ChaCha20Poly1305Cipher.TagSize)]);
    }

    /// <summary>Opens a part of a message and takes the ciphertext in.</summary>
    /// <param name="plaintext">16 bytes shorter than the ciphertext, and apart from it.</param>
    /// <returns>False if it was not sealed by the other side of this handshake, which must end then.</returns>
    public bool TryDecryptAndHash(ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        RequireKey();
        using (var cipher = new ChaCha20Poly1305Cipher(CipherKey))
        {
            if (!cipher.TryOpen(_nonce, ciphertext, plaintext, Hash))
            {
                return false;
            }
        }

        _nonce++;
        MixHash(ciphertext);
        return true;
    }

    /// <summary>The keys for what follows the handshake: first from the initiator, second from the responder.</summary>
    public void Split(Span<byte> fromInitiator, Span<byte> fromResponder) => HkdfBlake2s.Derive(ChainingKey, [], fromInitiator, fromResponder);

    public void Dispose() => CryptographicOperations.ZeroMemory(_memory);

    private void StartKey()
    {
        _hasKey = true;
        _nonce = 0;
    }

    private void RequireKey()
    {
        if (!_hasKey)
        {
            throw new InvalidOperationException("Nothing can be sealed or opened before a secret was mixed in.");
        }
    }
}
