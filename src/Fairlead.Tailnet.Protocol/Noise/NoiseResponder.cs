using System.Buffers.Binary;
using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>The server's side of a handshake.</summary>
public static class NoiseResponder
{
    /// <summary>Takes an initiation and writes the response to it. Whether the client is welcome is the caller's to decide.</summary>
    /// <param name="initiation">A whole frame: <see cref="NoiseProtocol.InitiationSize"/> bytes.</param>
    /// <param name="response">At least <see cref="NoiseProtocol.ResponseSize"/> bytes, of which the first are written.</param>
    /// <param name="random">Where the ephemeral key comes from; the system's generator if null.</param>
    /// <exception cref="NoiseHandshakeException">The initiation is malformed, was changed, or was made for another server's key.</exception>
    public static NoiseSession Respond(
        ReadOnlySpan<byte> initiation, MachinePrivateKey serverKey, Span<byte> response, RandomNumberGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(serverKey);
        if (initiation.Length != NoiseProtocol.InitiationSize
            || initiation[2] != (byte)NoiseFrameType.Initiation
            || BinaryPrimitives.ReadUInt16BigEndian(initiation[3..]) != NoiseProtocol.InitiationSize - NoiseProtocol.InitiationHeaderSize)
        {
            throw new NoiseHandshakeException($"The first message of a handshake is a frame of {NoiseProtocol.InitiationSize} bytes and type 1.");
        }

        var version = BinaryPrimitives.ReadUInt16BigEndian(initiation);
        using var state = NoiseProtocol.Start(version, serverKey.PublicKey.Key);
        var (clientEphemeral, clientKey) = ReadInitiation(initiation[NoiseProtocol.InitiationHeaderSize..], state, serverKey);
        using var ephemeral = PrivateKey.Generate(random);
        response = response[..NoiseProtocol.ResponseSize];
        NoiseProtocol.WriteHeader(response, NoiseFrameType.Response, NoiseProtocol.ResponseSize - NoiseProtocol.HeaderSize);
        ephemeral.PublicKey.CopyTo(response[NoiseProtocol.HeaderSize..]);
        state.MixHash(ephemeral.PublicKey);
        // Both keys were good for an agreement with the server's static key, so they are with any.
        state.TryMixAgreement(ephemeral, clientEphemeral);
        state.TryMixAgreement(ephemeral, clientKey);
        state.EncryptAndHash([], response[(NoiseProtocol.HeaderSize + PublicKey.Size)..]);
        return NoiseSession.From(state, isInitiator: false, new MachinePublicKey(clientKey), version);
    }

    private static (PublicKey Ephemeral, PublicKey Static) ReadInitiation(ReadOnlySpan<byte> body, NoiseSymmetricState state, MachinePrivateKey serverKey)
    {
        var ephemeral = new PublicKey(body[..PublicKey.Size]);
        state.MixHash(ephemeral);
        Span<byte> machine = stackalloc byte[PublicKey.Size];
        if (!state.TryMixAgreement(serverKey.Key, ephemeral)
            || !state.TryDecryptAndHash(body.Slice(PublicKey.Size, NoiseProtocol.SealedKeySize), machine))
        {
            throw new NoiseHandshakeException("The first message of the handshake was not made for this server's key, or was changed.");
        }

        var key = new PublicKey(machine);
        if (!state.TryMixAgreement(serverKey.Key, key)
            || !state.TryDecryptAndHash(body[(PublicKey.Size + NoiseProtocol.SealedKeySize)..], []))
        {
            throw new NoiseHandshakeException("The first message of the handshake does not prove that its sender has the machine key in it.");
        }

        return (ephemeral, key);
    }
}
