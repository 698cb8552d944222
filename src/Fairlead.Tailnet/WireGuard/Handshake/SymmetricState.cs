using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.WireGuard.Handshake;

/// <summary>Chaining key and hash of a handshake in progress (whitepaper, 5.4; Noise, 5.2). A value: a copy goes on by itself.</summary>
internal struct SymmetricState
{
    private static readonly SymmetricState Initial = CreateInitial();

    private Bytes32 _chainingKey;
    private Bytes32 _hash;

    /// <summary>The state both sides begin with, where the responder's static key is known to the initiator.</summary>
    public static SymmetricState ForResponder(in PublicKey responder)
    {
        var state = Initial;
        state.MixHash(responder);
        return state;
    }

    public void MixHash(ReadOnlySpan<byte> data) => Blake2s.Hash(_hash, data, _hash);

    public void MixHash(in PublicKey key)
    {
        Bytes32 bytes = default;
        key.CopyTo(bytes);
        MixHash(bytes);
    }

    /// <summary>Mixes an ephemeral public key into both.</summary>
    public void MixEphemeral(ReadOnlySpan<byte> key)
    {
        HkdfBlake2s.Derive(_chainingKey, key, _chainingKey);
        MixHash(key);
    }

    /// <returns>False if the two keys share no secret with anyone.</returns>
    public bool TryMixAgreement(PrivateKey own, in PublicKey other)
    {
        Bytes32 secret = default;
        var agreed = own.TryAgree(other, secret);
        HkdfBlake2s.Derive(_chainingKey, secret, _chainingKey);
        secret.Wipe();
        return agreed;
    }

    /// <param name="key">Set to a key for one sealing.</param>
    /// <inheritdoc cref="TryMixAgreement(PrivateKey, in PublicKey)"/>
    public bool TryMixAgreement(PrivateKey own, in PublicKey other, ref Bytes32 key)
    {
        Bytes32 secret = default;
        var agreed = own.TryAgree(other, secret);
        HkdfBlake2s.Derive(_chainingKey, secret, _chainingKey, key);
        secret.Wipe();
        return agreed;
    }

    public void MixPresharedKey(ReadOnlySpan<byte> presharedKey, ref Bytes32 key)
    {
        Bytes32 toHash = default;
        HkdfBlake2s.Derive(_chainingKey, presharedKey, _chainingKey, toHash, key);
        MixHash(toHash);
        toHash.Wipe();
    }

    public void Seal(in Bytes32 key, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        using var cipher = new ChaCha20Poly1305Cipher(key);
        cipher.Seal(counter: 0, plaintext, destination, _hash);
        MixHash(destination);
    }

    /// <returns>False if the message was not sealed by one who knows the same secrets.</returns>
    public bool TryOpen(in Bytes32 key, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        using var cipher = new ChaCha20Poly1305Cipher(key);
        var opened = cipher.TryOpen(counter: 0, message, destination, _hash);
        MixHash(message);
        return opened;
    }

    /// <summary>Ends the handshake. What the state held is gone.</summary>
    public TransportKeys Split()
    {
        var keys = default(TransportKeys);
        HkdfBlake2s.Derive(_chainingKey, [], keys.Initiator, keys.Responder);
        Wipe();
        return keys;
    }

    public void Wipe()
    {
        _chainingKey.Wipe();
        _hash.Wipe();
    }

    private static SymmetricState CreateInitial()
    {
        var state = default(SymmetricState);
        Blake2s.Hash("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"u8, state._chainingKey);
        state._hash = state._chainingKey;
        state.MixHash("WireGuard v1 zx2c4 Jason@zx2c4.com"u8);
        return state;
    }
}
