using System.Buffers.Binary;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Tailnet.WireGuard.Handshake;

/// <summary>A handshake this side began and the other has not answered yet (whitepaper, 5.4.2 and 5.4.3). Not safe for use by several threads.</summary>
internal sealed class InitiatorHandshake : IDisposable
{
    private readonly PrivateKey _ephemeral;
    private SymmetricState _state;

    /// <param name="ephemeral">New for this handshake; disposed of with it.</param>
    /// <param name="localIndex">What the other side shall address its messages to.</param>
    public InitiatorHandshake(PrivateKey ephemeral, uint localIndex)
    {
        _ephemeral = ephemeral;
        LocalIndex = localIndex;
    }

    public uint LocalIndex { get; }

    /// <param name="message">Set, but for its codes: exactly <see cref="HandshakeInitiation.Size"/> bytes.</param>
    /// <returns>False if no handshake is possible with such a key.</returns>
    public bool TryWriteInitiation(PrivateKey own, in PublicKey responder, Tai64N time, Span<byte> message)
    {
        message.Clear();
        message[0] = (byte)MessageType.HandshakeInitiation;
        BinaryPrimitives.WriteUInt32LittleEndian(message[HandshakeInitiation.Sender..], LocalIndex);
        _ephemeral.PublicKey.CopyTo(message[HandshakeInitiation.Ephemeral]);
        _state = SymmetricState.ForResponder(responder);
        _state.MixEphemeral(message[HandshakeInitiation.Ephemeral]);
        Bytes32 key = default;
        Bytes32 ownPublic = default;
        own.PublicKey.CopyTo(ownPublic);
        if (!_state.TryMixAgreement(_ephemeral, responder, ref key))
        {
            return false;
        }

        _state.Seal(key, ownPublic, message[HandshakeInitiation.Static]);
        if (!_state.TryMixAgreement(own, responder, ref key))
        {
            return false;
        }

        Span<byte> timestamp = stackalloc byte[Tai64N.Size];
        time.Write(timestamp);
        _state.Seal(key, timestamp, message[HandshakeInitiation.Timestamp]);
        key.Wipe();
        return true;
    }

    /// <summary>Leaves the handshake as it was unless it succeeds: a forged response must not spoil the wait for the real one.</summary>
    /// <param name="presharedKey">32 bytes; zeros for none.</param>
    /// <returns>False if the response is not the other side's answer to the initiation.</returns>
    public bool TryReadResponse(PrivateKey own, ReadOnlySpan<byte> presharedKey, ReadOnlySpan<byte> message, out TransportKeys keys, out uint remoteIndex)
    {
        keys = default;
        remoteIndex = BinaryPrimitives.ReadUInt32LittleEndian(message[HandshakeResponse.Sender..]);
        var state = _state;
        var ephemeral = new PublicKey(message[HandshakeResponse.Ephemeral]);
        state.MixEphemeral(message[HandshakeResponse.Ephemeral]);
        Bytes32 key = default;
        if (!state.TryMixAgreement(_ephemeral, ephemeral) || !state.TryMixAgreement(own, ephemeral))
        {
            state.Wipe();
            return false;
        }

        state.MixPresharedKey(presharedKey, ref key);
        var opened = state.TryOpen(key, message[HandshakeResponse.Empty], []);
        key.Wipe();
        if (opened)
        {
            keys = state.Split();
        }

        state.Wipe();
        return opened;
    }

    public void Dispose()
    {
        _state.Wipe();
        _ephemeral.Dispose();
    }
}
