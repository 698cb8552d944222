using System.Buffers.Binary;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Tailnet.WireGuard.Handshake;

/// <summary>
/// A handshake the other side began, in three steps: who is it; is it really, and is the initiation new; the answer. Nothing is kept
/// between messages, so an initiation that is forged or replayed costs time and no memory.
/// </summary>
internal struct ResponderHandshake : IDisposable
{
    private SymmetricState _state;
    private PublicKey _remoteEphemeral;
    private PublicKey _remote;
    private uint _remoteIndex;

    /// <param name="message">Exactly <see cref="HandshakeInitiation.Size"/> bytes.</param>
    /// <returns>False if the initiation is meant for another key, or damaged.</returns>
    public bool TryReadSender(PrivateKey own, ReadOnlySpan<byte> message, out PublicKey sender)
    {
        sender = default;
        _remoteIndex = BinaryPrimitives.ReadUInt32LittleEndian(message[HandshakeInitiation.Sender..]);
        _remoteEphemeral = new PublicKey(message[HandshakeInitiation.Ephemeral]);
        _state = SymmetricState.ForResponder(own.PublicKey);
        _state.MixEphemeral(message[HandshakeInitiation.Ephemeral]);
        Bytes32 key = default;
        Bytes32 remote = default;
        if (!_state.TryMixAgreement(own, _remoteEphemeral, ref key) || !_state.TryOpen(key, message[HandshakeInitiation.Static], remote))
        {
            return false;
        }

        sender = _remote = new PublicKey(remote);
        return true;
    }

    /// <returns>False if the sender does not have the key it claims.</returns>
    public bool TryReadTimestamp(PrivateKey own, ReadOnlySpan<byte> message, out Tai64N time)
    {
        time = default;
        Bytes32 key = default;
        Span<byte> timestamp = stackalloc byte[Tai64N.Size];
        if (!_state.TryMixAgreement(own, _remote, ref key) || !_state.TryOpen(key, message[HandshakeInitiation.Timestamp], timestamp))
        {
            return false;
        }

        key.Wipe();
        time = Tai64N.Read(timestamp);
        return true;
    }

    /// <param name="ephemeral">New for this handshake.</param>
    /// <param name="presharedKey">32 bytes; zeros for none.</param>
    /// <param name="message">Set, but for its codes: exactly <see cref="HandshakeResponse.Size"/> bytes.</param>
    /// <returns>False if the initiator's keys are no keys.</returns>
    public bool TryWriteResponse(PrivateKey ephemeral, ReadOnlySpan<byte> presharedKey, uint localIndex, Span<byte> message, out TransportKeys keys, out uint remoteIndex)
    {
        keys = default;
        remoteIndex = _remoteIndex;
        message.Clear();
        message[0] = (byte)MessageType.HandshakeResponse;
        BinaryPrimitives.WriteUInt32LittleEndian(message[HandshakeResponse.Sender..], localIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(message[HandshakeResponse.Receiver..], _remoteIndex);
        ephemeral.PublicKey.CopyTo(message[HandshakeResponse.Ephemeral]);
        _state.MixEphemeral(message[HandshakeResponse.Ephemeral]);
        if (!_state.TryMixAgreement(ephemeral, _remoteEphemeral) || !_state.TryMixAgreement(ephemeral, _remote))
        {
            return false;
        }

        Bytes32 key = default;
        _state.MixPresharedKey(presharedKey, ref key);
        _state.Seal(key, [], message[HandshakeResponse.Empty]);
        key.Wipe();
        keys = _state.Split();
        return true;
    }

    public void Dispose() => _state.Wipe();
}
