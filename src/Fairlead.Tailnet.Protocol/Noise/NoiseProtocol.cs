using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>Constants and headers of the channel of the Tailscale control protocol, <c>Noise_IK_25519_ChaChaPoly_BLAKE2s</c>.</summary>
public static class NoiseProtocol
{
    /// <summary>Type and big-endian length, before every frame but the first.</summary>
    public const int HeaderSize = 3;

    /// <summary>The first frame says the protocol's version before its type.</summary>
    public const int InitiationHeaderSize = 5;

    /// <summary>Header, ephemeral key, sealed static key, tag of the empty payload.</summary>
    public const int InitiationSize = InitiationHeaderSize + PublicKey.Size + SealedKeySize + ChaCha20Poly1305Cipher.TagSize;

    /// <summary>Header, ephemeral key, tag of the empty payload.</summary>
    public const int ResponseSize = HeaderSize + PublicKey.Size + ChaCha20Poly1305Cipher.TagSize;

    /// <summary>Longest frame in bytes, header included.</summary>
    public const int MaxFrameSize = 4096;

    /// <summary>Most bytes of plaintext in a record.</summary>
    public const int MaxPlaintextSize = MaxFrameSize - HeaderSize - ChaCha20Poly1305Cipher.TagSize;

    /// <summary>Value of the <c>Upgrade</c> header, and the WebSocket subprotocol.</summary>
    public const string UpgradeName = "tailscale-control-protocol";

    /// <summary>Header (or, for WebSockets, query parameter) with the initiation in base64.</summary>
    public const string HandshakeHeader = "X-Tailscale-Handshake";

    internal const int SealedKeySize = PublicKey.Size + ChaCha20Poly1305Cipher.TagSize;

    /// <summary>Writes the header of a frame.</summary>
    /// <param name="length">Bytes that follow the header.</param>
    public static void WriteHeader(Span<byte> destination, NoiseFrameType type, int length)
    {
        destination[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], checked((ushort)length));
    }

    /// <summary>The frame by which a server refuses a handshake.</summary>
    /// <param name="text">For people; cut if it does not fit a frame.</param>
    public static byte[] ErrorFrame(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = Math.Min(bytes.Length, MaxFrameSize - HeaderSize);
        var frame = new byte[HeaderSize + length];
        WriteHeader(frame, NoiseFrameType.Error, length);
        bytes.AsSpan(0, length).CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    /// <summary>Bytes that follow a header.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16BigEndian(header[1..]);

    internal static NoiseSymmetricState Start(int version, in PublicKey serverKey)
    {
        var state = new NoiseSymmetricState("Noise_IK_25519_ChaChaPoly_BLAKE2s"u8);
        // The prologue binds the version, and the responder's static key is known before the first message.
        state.MixHash(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Tailscale Control Protocol v{version}")));
        state.MixHash(serverKey);
        return state;
    }
}
