using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>The client's side of one handshake: makes the initiation, then takes the response.</summary>
public sealed class NoiseInitiator : IDisposable
{
    private readonly MachinePublicKey _serverKey;
    private readonly MachinePrivateKey _machineKey;
    private readonly int _version;
    private readonly PrivateKey _ephemeral;
    private readonly NoiseSymmetricState _state;
    private readonly byte[] _initiation = new byte[NoiseProtocol.InitiationSize];

    /// <param name="machineKey">Not disposed of with this object.</param>
    /// <param name="version">Version of the protocol to state: 1 to 65535.</param>
    /// <param name="random">Where the ephemeral key comes from; the system's generator if null.</param>
    /// <exception cref="NoiseHandshakeException">The server's key is none that a secret can be shared with.</exception>
    public NoiseInitiator(MachinePrivateKey machineKey, MachinePublicKey serverKey, int version, RandomNumberGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(machineKey);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, ushort.MaxValue);
        _machineKey = machineKey;
        _serverKey = serverKey;
        _version = version;
        _ephemeral = PrivateKey.Generate(random);
        _state = NoiseProtocol.Start(version, serverKey.Key);
        WriteInitiation();
    }

    /// <summary>The first frame to send.</summary>
    public ReadOnlyMemory<byte> Initiation => _initiation;

    /// <summary>Takes the server's answer. To be called once.</summary>
    /// <param name="frame">A whole frame: <see cref="NoiseProtocol.ResponseSize"/> bytes, or an error frame.</param>
    /// <exception cref="NoiseHandshakeException">The server refused, or the answer is not that of the server whose key was given.</exception>
    public NoiseSession ReadResponse(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < NoiseProtocol.HeaderSize || NoiseProtocol.LengthOf(frame) != frame.Length - NoiseProtocol.HeaderSize)
        {
            throw new NoiseHandshakeException("The server's answer to the handshake is not one frame.");
        }

        var body = frame[NoiseProtocol.HeaderSize..];
        if (frame[0] == (byte)NoiseFrameType.Error)
        {
            throw new NoiseHandshakeException($"The server refused the handshake: {Printable(body)}");
        }

        if (frame[0] != (byte)NoiseFrameType.Response || frame.Length != NoiseProtocol.ResponseSize)
        {
            throw new NoiseHandshakeException($"The server answered the handshake with a frame of type {frame[0]} and {body.Length} bytes.");
        }

        var serverEphemeral = new PublicKey(body[..PublicKey.Size]);
        _state.MixHash(serverEphemeral);
        if (!_state.TryMixAgreement(_ephemeral, serverEphemeral)
            || !_state.TryMixAgreement(_machineKey.Key, serverEphemeral)
            || !_state.TryDecryptAndHash(body[PublicKey.Size..], []))
        {
            throw new NoiseHandshakeException("The server's answer to the handshake does not prove that it has the key it published.");
        }

        return NoiseSession.From(_state, isInitiator: true, _serverKey, _version);
    }

    public void Dispose()
    {
        _ephemeral.Dispose();
        _state.Dispose();
    }

    private void WriteInitiation()
    {
        Span<byte> frame = _initiation;
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)_version);
        NoiseProtocol.WriteHeader(frame[2..], NoiseFrameType.Initiation, NoiseProtocol.InitiationSize - NoiseProtocol.InitiationHeaderSize);
        var body = frame[NoiseProtocol.InitiationHeaderSize..];
        _ephemeral.PublicKey.CopyTo(body);
        _state.MixHash(_ephemeral.PublicKey);
        if (!_state.TryMixAgreement(_ephemeral, _serverKey.Key))
        {
            throw new NoiseHandshakeException($"No secret can be shared with the server's key {_serverKey}.");
        }

        Span<byte> machine = stackalloc byte[PublicKey.Size];
        _machineKey.PublicKey.Key.CopyTo(machine);
        _state.EncryptAndHash(machine, body.Slice(PublicKey.Size, NoiseProtocol.SealedKeySize));
        // The server's key was good for one agreement, so it is for this one.
        _state.TryMixAgreement(_machineKey.Key, _serverKey.Key);
        _state.EncryptAndHash([], body[(PublicKey.Size + NoiseProtocol.SealedKeySize)..]);
    }

    // The text comes from whoever answered, so nothing in it may act on a terminal or fill a log.
    private static string Printable(ReadOnlySpan<byte> text)
    {
        const int Longest = 256;
        var start = Encoding.UTF8.GetString(text[..Math.Min(text.Length, Longest)]);
        return string.Concat(start.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
