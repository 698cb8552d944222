using System.Buffers.Binary;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard.Handshake;
using Fairlead.Tailnet.WireGuard.Messages;
using Fairlead.Tailnet.WireGuard.Peers;
using Fairlead.Tailnet.WireGuard.Routing;

namespace Fairlead.Tailnet.WireGuard;

/// <summary>What comes from outside, from anybody.</summary>
public sealed partial class WireGuardDevice
{
    // One initiation of a stranger at a time: a flood keeps one thread busy at most, and an old key in use no longer than one.
    private readonly Lock _answering = new();

    /// <inheritdoc/>
    public void Receive(Span<byte> datagram, in PathAddress from)
    {
        var type = datagram.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(datagram) : 0;
        switch ((type, datagram.Length))
        {
            case ((uint)MessageType.TransportData, >= TransportData.Overhead):
                OnTransportData(datagram, from);
                break;
            case ((uint)MessageType.HandshakeInitiation, HandshakeInitiation.Size):
                OnInitiation(datagram, from);
                break;
            case ((uint)MessageType.HandshakeResponse, HandshakeResponse.Size):
                OnResponse(datagram, from);
                break;
            case ((uint)MessageType.CookieReply, CookieReply.Size):
                OnCookieReply(datagram);
                break;
            default:
                Counters.Invalid();
                break;
        }
    }

    /// <inheritdoc/>
    public void EndOfBatch() => _receiver.EndOfBatch();

    private void OnTransportData(Span<byte> message, in PathAddress from)
    {
        var now = Clock.Now;
        if (Sessions.FindSession(BinaryPrimitives.ReadUInt32LittleEndian(message[TransportData.Receiver..])) is not { } session
            || now - session.CreatedAt >= Clock.RejectAfterTime
            || !session.TryOpen(message))
        {
            Counters.Invalid();
            return;
        }

        var peer = session.Peer;
        peer.OnReceived(session, from, message.Length, now);
        if (message.Length == TransportData.Overhead)
        {
            return;
        }

        var packet = message[TransportData.HeaderSize..^(TransportData.Overhead - TransportData.HeaderSize)];
        if (PacketAddresses.TryReadSource(packet, out var source) && ReferenceEquals(_routes.Find(source.Address, source.IsIPv4), peer.Configured))
        {
            _receiver.Receive(packet[..source.Length]);
        }
        else
        {
            Counters.Spoofed();
        }
    }

    private void OnInitiation(ReadOnlySpan<byte> message, in PathAddress from)
    {
        if (!IsAdmitted(message, from))
        {
            return;
        }

        var handshake = default(ResponderHandshake);
        try
        {
            if (Authenticate(ref handshake, message, out var identity, out var sentAt) is { } peer)
            {
                peer.Activate(this).Respond(ref handshake, identity, sentAt, message.Length, from);
            }
            else
            {
                Counters.Invalid();
            }
        }
        finally
        {
            handshake.Dispose();
        }
    }

    /// <summary>
    /// Finds out which peer sent an initiation. Public keys are no secret: who only names one must not make this side keep anything for it,
    /// so nothing is made for the peer before the sender has shown that it has the private key.
    /// </summary>
    /// <returns>Null if it was none of them, or one that sends initiations faster than any does.</returns>
    private ConfiguredPeer? Authenticate(ref ResponderHandshake handshake, ReadOnlySpan<byte> message, out DeviceIdentity identity, out Tai64N sentAt)
    {
        sentAt = default;
        lock (_answering)
        {
            identity = _identity;
            return handshake.TryReadSender(identity.PrivateKey.Key, message, out var sender)
                && _peers.Find(new NodePublicKey(sender)) is { } peer
                && peer.Active?.AcceptsInitiation(Clock.Now) != false
                && handshake.TryReadTimestamp(identity.PrivateKey.Key, message, out sentAt)
                ? peer
                : null;
        }
    }

    private void OnResponse(ReadOnlySpan<byte> message, in PathAddress from)
    {
        var receiver = BinaryPrimitives.ReadUInt32LittleEndian(message[HandshakeResponse.Receiver..]);
        if (Sessions.FindPeer(receiver) is not { } peer)
        {
            Counters.Invalid();
        }
        else if (IsAdmitted(message, from))
        {
            peer.OnResponse(receiver, message, from);
        }
    }

    private void OnCookieReply(ReadOnlySpan<byte> message)
    {
        if (Sessions.FindPeer(BinaryPrimitives.ReadUInt32LittleEndian(message[CookieReply.Receiver..])) is { } peer)
        {
            peer.OnCookie(message);
        }
        else
        {
            Counters.Invalid();
        }
    }

    /// <summary>Whether to spend time on a handshake message: it knows our key, and, if there are many, it comes from where it says.</summary>
    private bool IsAdmitted(ReadOnlySpan<byte> message, in PathAddress from)
    {
        var identity = _identity;
        if (!identity.Macs.IsSigned(message))
        {
            Counters.Invalid();
            return false;
        }

        if (!_load.IsOver())
        {
            return true;
        }

        if (identity.Cookies.IsVouched(message, from))
        {
            if (_sources.Allows(from))
            {
                return true;
            }

            Counters.Refused();
            return false;
        }

        if (_options.Replies is { } replies)
        {
            Span<byte> reply = stackalloc byte[CookieReply.Size];
            identity.Cookies.WriteReply(message, from, reply);
            replies.Send(from, reply, CookieReply.Size);
            Counters.CookieAsked();
        }
        else
        {
            Counters.Refused();
        }

        return false;
    }
}
