using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Tailnet.Fuzzing.Noise;

/// <summary>Both sides of a handshake with keys that are always the same.</summary>
internal static class NoiseFuzzKeys
{
    public const int Version = 145;

    public static MachinePrivateKey Machine { get; } = MachinePrivateKey.Generate(Fixed(1));

    public static MachinePrivateKey Server { get; } = MachinePrivateKey.Generate(Fixed(2));

    public static NoiseInitiator Initiator() => new(Machine, Server.PublicKey, Version, Fixed(3));

    public static NoiseSession Respond(ReadOnlySpan<byte> initiation, Span<byte> response) => NoiseResponder.Respond(initiation, Server, response, Fixed(4));

    private static FixedBytes Fixed(byte value) => new(value);

    private sealed class FixedBytes(byte value) : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => data.AsSpan().Fill(value);
    }
}
