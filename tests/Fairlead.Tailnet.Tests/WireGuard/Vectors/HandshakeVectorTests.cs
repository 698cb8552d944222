using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.WireGuard.Cookies;
using Fairlead.Tailnet.WireGuard.Handshake;
using Fairlead.Tailnet.WireGuard.Messages;
using Fairlead.Tailnet.WireGuard.Sessions;
using Fairlead.Testing;
using static Fairlead.Tailnet.Tests.WireGuard.Vectors.WireGuardVectors;

namespace Fairlead.Tailnet.Tests.WireGuard.Vectors;

/// <summary>Every message, byte for byte, against an implementation that shares no code with this one.</summary>
public sealed class HandshakeVectorTests : IDisposable
{
    private const uint InitiatorIndex = 0x01020304;
    private const uint ResponderIndex = 0xA0B0C0D0;

    private readonly PrivateKey _initiator = new(Get("initiatorPrivate"));
    private readonly PrivateKey _responder = new(Get("responderPrivate"));

    public void Dispose()
    {
        _initiator.Dispose();
        _responder.Dispose();
    }

    [Fact]
    public void An_initiation_is_written_as_expected()
    {
        using var handshake = Begin(out var message);

        Assert.Equal(Get("initiation"), message);
    }

    [Fact]
    public void After_a_cookie_reply_the_second_code_is_written_as_expected()
    {
        using var handshake = Begin(out var message, out var cookies);

        Assert.True(cookies.TryAccept(Get("cookieReply")));
        cookies.Sign(message);

        Assert.Equal(Get("initiationWithCookie"), message);
    }

    [Fact]
    public void The_responder_reads_the_initiation_and_answers_as_expected()
    {
        var handshake = default(ResponderHandshake);
        var message = new byte[HandshakeResponse.Size];
        using var ephemeral = new PrivateKey(Get("responderEphemeral"));

        Assert.True(new MacKeys(_responder.PublicKey).IsSigned(Get("initiation")));
        Assert.True(handshake.TryReadSender(_responder, Get("initiation"), out var sender));
        Assert.True(handshake.TryReadTimestamp(_responder, Get("initiation"), out var time));
        Assert.True(handshake.TryWriteResponse(ephemeral, Get("presharedKey"), ResponderIndex, message, out var keys, out var remoteIndex));
        new CookieJar(_initiator.PublicKey, TimeProvider.System).Sign(message);

        Assert.Equal(_initiator.PublicKey, sender);
        Assert.Equal(Tai64N.Read(Get("timestamp")), time);
        Assert.Equal(InitiatorIndex, remoteIndex);
        Assert.Equal(Get("response"), message);
        Assert.Equal(Get("keyToResponder"), ((ReadOnlySpan<byte>)keys.Initiator).ToArray());
        Assert.Equal(Get("keyToInitiator"), ((ReadOnlySpan<byte>)keys.Responder).ToArray());
    }

    [Fact]
    public void The_initiator_reads_the_response_even_after_forged_ones()
    {
        using var handshake = Begin(out _);
        for (var index = HandshakeResponse.Receiver + 4; index < 60; index++)
        {
            var forged = Get("response");
            forged[index] ^= 1;
            Assert.False(handshake.TryReadResponse(_initiator, Get("presharedKey"), forged, out _, out _));
        }

        Assert.True(handshake.TryReadResponse(_initiator, Get("presharedKey"), Get("response"), out var keys, out var remoteIndex));

        Assert.Equal(ResponderIndex, remoteIndex);
        Assert.Equal(Get("keyToResponder"), ((ReadOnlySpan<byte>)keys.Initiator).ToArray());
        Assert.Equal(Get("keyToInitiator"), ((ReadOnlySpan<byte>)keys.Responder).ToArray());
    }

    [Fact]
    public void A_packet_is_sealed_and_opened_as_expected()
    {
        var packet = Enumerable.Range(0, 45).Select(index => (byte)index).ToArray();
        var message = new byte[TransportData.SizeFor(packet.Length, 1280)];
        using var sender = Session(isInitiator: true, ResponderIndex);
        using var receiver = Session(isInitiator: false, InitiatorIndex);
        for (var counter = 0; counter <= 258; counter++)
        {
            sender.Seal(packet, message);
        }

        Assert.Equal(Get("data"), message);
        Assert.True(receiver.TryOpen(message));
        Assert.Equal([.. packet, 0, 0, 0], message[16..64]);
    }

    [Fact]
    public void The_cookie_cipher_passes_the_drafts_vector()
    {
        // draft-irtf-cfrg-xchacha-03, A.3.1.
        var key = Enumerable.Range(0x80, 32).Select(value => (byte)value).ToArray();
        var nonce = Enumerable.Range(0x40, 24).Select(value => (byte)value).ToArray();
        var data = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        var plaintext = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8.ToArray();
        var message = new byte[plaintext.Length + 16];

        XChaCha20Poly1305.Seal(key, nonce, plaintext, message, data);

        Assert.StartsWith("BD6D179D3E83D43B9576579493C0E939572A1700252BFACCBED2902C21396CBB", Convert.ToHexString(message), StringComparison.Ordinal);
        Assert.EndsWith("C0875924C1C7987947DEAFD8780ACF49", Convert.ToHexString(message), StringComparison.Ordinal);
        var opened = new byte[plaintext.Length];
        Assert.True(XChaCha20Poly1305.TryOpen(key, nonce, message, opened, data));
        Assert.Equal(plaintext, opened);
    }

    private InitiatorHandshake Begin(out byte[] message) => Begin(out message, out _);

    private InitiatorHandshake Begin(out byte[] message, out CookieJar cookies)
    {
        var handshake = new InitiatorHandshake(new PrivateKey(Get("initiatorEphemeral")), InitiatorIndex);
        message = new byte[HandshakeInitiation.Size];
        Assert.True(handshake.TryWriteInitiation(_initiator, _responder.PublicKey, Tai64N.Read(Get("timestamp")), message));
        cookies = new CookieJar(_responder.PublicKey, new ManualTime());
        cookies.Sign(message);
        return handshake;
    }

    private static TransportSession Session(bool isInitiator, uint remoteIndex)
    {
        var keys = default(TransportKeys);
        Get("keyToResponder").CopyTo(keys.Initiator);
        Get("keyToInitiator").CopyTo(keys.Responder);
        return new TransportSession(null!, ref keys, isInitiator, localIndex: 0, remoteIndex, createdAt: 0);
    }
}
