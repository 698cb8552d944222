using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Tailnet.WireGuard.Cookies;

/// <summary>Signs handshake messages to one peer, with its cookie while it asks for one. Not safe for use by several threads.</summary>
internal sealed class CookieJar(in PublicKey peer, TimeProvider time)
{
    private readonly MacKeys _keys = new(peer);
    private Bytes16 _cookie;
    private Bytes16 _lastFirst;
    private bool _hasSent;
    private bool _hasCookie;
    private long _receivedAt;

    /// <summary>Writes both codes of a message that is whole otherwise.</summary>
    public void Sign(Span<byte> message)
    {
        _keys.Sign(message);
        message[HandshakeMacs.First].CopyTo(_lastFirst);
        _hasSent = true;
        if (_hasCookie && time.GetElapsedTime(_receivedAt) < ProtocolLimits.CookieLifetime)
        {
            Blake2s.Mac(_cookie, message[HandshakeMacs.BeforeSecond], message[HandshakeMacs.Second]);
        }
    }

    /// <param name="reply">Exactly <see cref="CookieReply.Size"/> bytes.</param>
    /// <returns>False if it is not the peer's answer to the last message.</returns>
    public bool TryAccept(ReadOnlySpan<byte> reply)
    {
        Span<byte> cookie = stackalloc byte[HandshakeMacs.Size];
        if (!_hasSent || !XChaCha20Poly1305.TryOpen(_keys.Cookie, reply[CookieReply.Nonce], reply[CookieReply.Cookie], cookie, _lastFirst))
        {
            return false;
        }

        cookie.CopyTo(_cookie);
        CryptographicOperations.ZeroMemory(cookie);
        _hasCookie = true;
        _receivedAt = time.GetTimestamp();
        return true;
    }

    [InlineArray(HandshakeMacs.Size)]
    private struct Bytes16
    {
        private byte _first;
    }
}
