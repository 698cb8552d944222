using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Tailnet.Fuzzing.Noise;

/// <summary>The server's side of a handshake: only the initiation that was made here is answered.</summary>
internal sealed class NoiseInitiationTarget : IFuzzTarget
{
    private readonly byte[] _initiation;

    public NoiseInitiationTarget()
    {
        using var initiator = NoiseFuzzKeys.Initiator();
        _initiation = initiator.Initiation.ToArray();
    }

    public string Name => "noise-initiation";

    public IEnumerable<byte[]> Seeds => [_initiation];

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            NoiseFuzzKeys.Respond(input, stackalloc byte[NoiseProtocol.ResponseSize]).Dispose();
        }
        catch (NoiseHandshakeException)
        {
            return;
        }

        if (!input.SequenceEqual(_initiation))
        {
            throw new InvalidOperationException("An initiation was answered that nobody made.");
        }
    }
}
