using System.Buffers.Binary;
using System.Diagnostics;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.WireGuard.Handshake;
using Fairlead.Tailnet.WireGuard.Messages;
using Fairlead.Tailnet.WireGuard.Peers;

namespace Fairlead.Tailnet.WireGuard.Sessions;

/// <summary>
/// What a handshake led to: a key, a counter and an index for each direction. The sending half belongs to whoever holds the peer's lock
/// for sending; the receiving half has a lock of its own.
/// </summary>
internal sealed class TransportSession : IDisposable
{
    private readonly Lock _receiving = new();
    private readonly ReplayWindow _window = new();
    private ChaCha20Poly1305Cipher? _sealer;
    private ChaCha20Poly1305Cipher? _opener;

    /// <param name="keys">Wiped.</param>
    public TransportSession(Peer peer, ref TransportKeys keys, bool isInitiator, uint localIndex, uint remoteIndex, long createdAt)
    {
        Peer = peer;
        IsInitiator = isInitiator;
        LocalIndex = localIndex;
        RemoteIndex = remoteIndex;
        CreatedAt = createdAt;
        var initiator = new ChaCha20Poly1305Cipher(keys.Initiator);
        var responder = new ChaCha20Poly1305Cipher(keys.Responder);
        (_sealer, _opener) = isInitiator ? (initiator, responder) : (responder, initiator);
        keys.Wipe();
    }

    public Peer Peer { get; }

    /// <summary>Whether this side began; then it is also the one to begin anew in time.</summary>
    public bool IsInitiator { get; }

    /// <summary>What the other side addresses its messages to.</summary>
    public uint LocalIndex { get; }

    public uint RemoteIndex { get; }

    /// <summary>A timestamp of the device's clock.</summary>
    public long CreatedAt { get; }

    /// <summary>Counter of the next message to seal.</summary>
    public ulong SendCounter { get; private set; }

    /// <summary>Writes a whole message. For the holder of the peer's sending lock, before <see cref="Dispose"/>.</summary>
    /// <param name="message">As long as the padded packet and <see cref="TransportData.Overhead"/>.</param>
    public void Seal(ReadOnlySpan<byte> packet, Span<byte> message)
    {
        Debug.Assert(_sealer is not null, "A session that has ended was used for sending.");
        var counter = SendCounter++;
        BinaryPrimitives.WriteUInt32LittleEndian(message, (uint)MessageType.TransportData);
        BinaryPrimitives.WriteUInt32LittleEndian(message[TransportData.Receiver..], RemoteIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(message[TransportData.Counter..], counter);
        var body = message[TransportData.HeaderSize..];
        var padded = message.Length - TransportData.Overhead;
        if (packet.Length == padded)
        {
            _sealer!.Seal(counter, packet, body);
            return;
        }

        packet.CopyTo(body);
        body[packet.Length..padded].Clear();
        _sealer!.Seal(counter, body[..padded], body);
    }

    /// <summary>Opens a message in place: the packet with its padding lies behind the header then.</summary>
    /// <returns>False if the message is forged or damaged, was received before, is too far behind others, or the session has ended.</returns>
    public bool TryOpen(Span<byte> message)
    {
        var counter = BinaryPrimitives.ReadUInt64LittleEndian(message[TransportData.Counter..]);
        var body = message[TransportData.HeaderSize..];
        lock (_receiving)
        {
            // An old counter costs no decryption; a new one counts only once the message has proven to be genuine.
            return _opener is { } opener
                && counter < ProtocolLimits.RejectAfterMessages
                && !_window.IsBehind(counter)
                && opener.TryOpen(counter, body, body)
                && _window.TryAdd(counter);
        }
    }

    /// <summary>Wipes both keys. For the holder of the peer's sending lock.</summary>
    public void Dispose()
    {
        _sealer?.Dispose();
        _sealer = null;
        lock (_receiving)
        {
            _opener?.Dispose();
            _opener = null;
        }
    }
}
