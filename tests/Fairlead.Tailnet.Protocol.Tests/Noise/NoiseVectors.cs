using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Tests.Noise;

/// <summary>The handshake and records that <c>Vectors/noise_vectors.py</c>, an independent implementation, computed.</summary>
internal static class NoiseVectors
{
    private static readonly JsonNode Values = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Noise", "Vectors", "noise_vectors.json")))!;

    public static int Version => Values["version"]!.GetValue<int>();

    public static MachinePrivateKey MachineKey => MachinePrivateKey.Parse("privkey:" + Values["machineKey"]);

    public static MachinePrivateKey ServerKey => MachinePrivateKey.Parse("privkey:" + Values["serverKey"]);

    public static RandomNumberGenerator ClientEphemeral => new FixedBytes(Bytes("clientEphemeral"));

    public static RandomNumberGenerator ServerEphemeral => new FixedBytes(Bytes("serverEphemeral"));

    public static byte[] Bytes(string name) => Convert.FromHexString(Values[name]!.GetValue<string>());

    public static byte[] Records(string name) => [.. Values[name]!.AsArray().SelectMany(record => Convert.FromHexString(record!.GetValue<string>()))];

    private sealed class FixedBytes(byte[] bytes) : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => bytes.CopyTo(data, 0);
    }
}
