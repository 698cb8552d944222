using System.Buffers.Binary;
using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard.Handshake;
using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Tailnet.WireGuard.Cookies;

/// <summary>
/// What a side under load asks of others before it spends time on their handshakes: to send back a code of their address, which proves
/// that they receive at it. Nothing is kept per address.
/// </summary>
internal sealed class CookieIssuer(MacKeys keys, TimeProvider time)
{
    // Family, address, port and scope, or region and node key.
    private const int MaxAddressSize = 1 + 4 + PublicKey.Size;

    private readonly Lock _gate = new();
    private Bytes32 _secret;
    private long _secretMadeAt;
    private bool _hasSecret;

    /// <summary>Whether the message carries a cookie that was issued to its source within two minutes or so.</summary>
    public bool IsVouched(ReadOnlySpan<byte> message, in PathAddress from)
    {
        Span<byte> cookie = stackalloc byte[HandshakeMacs.Size];
        lock (_gate)
        {
            if (!_hasSecret || time.GetElapsedTime(_secretMadeAt) >= ProtocolLimits.CookieLifetime)
            {
                return false;
            }

            WriteCookie(from, cookie);
        }

        Span<byte> expected = stackalloc byte[HandshakeMacs.Size];
        Blake2s.Mac(cookie, message[HandshakeMacs.BeforeSecond], expected);
        return CryptographicOperations.FixedTimeEquals(expected, message[HandshakeMacs.Second]);
    }

    /// <param name="message">The handshake message to answer; its sender's index follows the type in both kinds.</param>
    /// <param name="reply">Set: exactly <see cref="CookieReply.Size"/> bytes.</param>
    public void WriteReply(ReadOnlySpan<byte> message, in PathAddress from, Span<byte> reply)
    {
        Span<byte> cookie = stackalloc byte[HandshakeMacs.Size];
        lock (_gate)
        {
            if (!_hasSecret || time.GetElapsedTime(_secretMadeAt) >= ProtocolLimits.CookieLifetime)
            {
                RandomNumberGenerator.Fill(_secret);
                _secretMadeAt = time.GetTimestamp();
                _hasSecret = true;
            }

            WriteCookie(from, cookie);
        }

        reply.Clear();
        reply[0] = (byte)MessageType.CookieReply;
        message.Slice(HandshakeInitiation.Sender, sizeof(uint)).CopyTo(reply[CookieReply.Receiver..]);
        RandomNumberGenerator.Fill(reply[CookieReply.Nonce]);
        XChaCha20Poly1305.Seal(keys.Cookie, reply[CookieReply.Nonce], cookie, reply[CookieReply.Cookie], message[HandshakeMacs.First]);
    }

    private void WriteCookie(in PathAddress from, Span<byte> cookie)
    {
        Span<byte> address = stackalloc byte[MaxAddressSize];
        address.Clear();
        if (from.IsDerp)
        {
            address[0] = 1;
            BinaryPrimitives.WriteInt32LittleEndian(address[1..], from.DerpRegion);
            from.Node.Key.CopyTo(address[5..]);
        }
        else
        {
            BinaryPrimitives.WriteUInt128LittleEndian(address[1..], from.Udp.Address);
            BinaryPrimitives.WriteUInt16LittleEndian(address[17..], from.Udp.Port);
            BinaryPrimitives.WriteUInt32LittleEndian(address[19..], from.Udp.ScopeId);
        }

        Blake2s.Mac(_secret, address, cookie);
    }
}
