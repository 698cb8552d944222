using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>What a completed handshake leaves: a cipher for each direction, and who is at the other end.</summary>
public sealed class NoiseSession : IDisposable
{
    private readonly byte[] _handshakeHash;

    private NoiseSession(ChaCha20Poly1305Cipher sending, ChaCha20Poly1305Cipher receiving, MachinePublicKey peer, int version, byte[] handshakeHash)
    {
        Sending = sending;
        Receiving = receiving;
        Peer = peer;
        Version = version;
        _handshakeHash = handshakeHash;
    }

    /// <summary>The other side's static key, proven.</summary>
    public MachinePublicKey Peer { get; }

    /// <summary>Version of the protocol that the client stated, proven to be what it sent.</summary>
    public int Version { get; }

    /// <summary>Unique to this session and equal on both sides.</summary>
    public ReadOnlyMemory<byte> HandshakeHash => _handshakeHash;

    internal ChaCha20Poly1305Cipher Sending { get; }

    internal ChaCha20Poly1305Cipher Receiving { get; }

    public void Dispose()
    {
        Sending.Dispose();
        Receiving.Dispose();
    }

    internal static NoiseSession From(NoiseSymmetricState state, bool isInitiator, MachinePublicKey peer, int version)
    {
        Span<byte> fromInitiator = stackalloc byte[ChaCha20Poly1305Cipher.KeySize];
        Span<byte> fromResponder = stackalloc byte[ChaCha20Poly1305Cipher.KeySize];
        state.Split(fromInitiator, fromResponder);
        var first = new ChaCha20Poly1305Cipher(fromInitiator);
        var second = new ChaCha20Poly1305Cipher(fromResponder);
        CryptographicOperations.ZeroMemory(fromInitiator);
        CryptographicOperations.ZeroMemory(fromResponder);
        var hash = state.Hash.ToArray();
        return isInitiator ? new NoiseSession(first, second, peer, version, hash) : new NoiseSession(second, first, peer, version, hash);
    }
}
