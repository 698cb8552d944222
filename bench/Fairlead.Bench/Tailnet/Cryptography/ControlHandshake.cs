using BenchmarkDotNet.Attributes;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Bench.Tailnet.Cryptography;

/// <summary>A whole handshake of the control channel, both sides. Baseline: its eight agreements and two new keys alone.</summary>
public class ControlHandshake
{
    // Static: the harness makes instances that nothing disposes of.
    private static readonly MachinePrivateKey Machine = MachinePrivateKey.Generate();
    private static readonly MachinePrivateKey Server = MachinePrivateKey.Generate();

    private readonly byte[] _response = new byte[NoiseProtocol.ResponseSize];
    private readonly byte[] _secret = new byte[PrivateKey.Size];

    [Benchmark(Baseline = true)]
    public bool AgreementsOnly()
    {
        using var first = PrivateKey.Generate();
        using var second = PrivateKey.Generate();
        var agreed = true;
        for (var i = 0; i < 8; i++)
        {
            agreed &= first.TryAgree(second.PublicKey, _secret);
        }

        return agreed;
    }

    [Benchmark]
    public int Handshake()
    {
        using var initiator = new NoiseInitiator(Machine, Server.PublicKey, version: 145);
        using var server = NoiseResponder.Respond(initiator.Initiation.Span, Server, _response);
        using var client = initiator.ReadResponse(_response);
        return client.Version;
    }
}
