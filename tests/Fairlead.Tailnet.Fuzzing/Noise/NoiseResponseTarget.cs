using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Tailnet.Fuzzing.Noise;

/// <summary>The client's side of a handshake: only the response that was made here is taken.</summary>
internal sealed class NoiseResponseTarget : IFuzzTarget
{
    private readonly byte[] _response = new byte[NoiseProtocol.ResponseSize];

    public NoiseResponseTarget()
    {
        using var initiator = NoiseFuzzKeys.Initiator();
        NoiseFuzzKeys.Respond(initiator.Initiation.Span, _response).Dispose();
    }

    public string Name => "noise-response";

    public IEnumerable<byte[]> Seeds => [_response, NoiseProtocol.ErrorFrame("unknown machine")];

    public void Run(ReadOnlySpan<byte> input)
    {
        using var initiator = NoiseFuzzKeys.Initiator();
        try
        {
            initiator.ReadResponse(input).Dispose();
        }
        catch (NoiseHandshakeException)
        {
            return;
        }

        if (!input.SequenceEqual(_response))
        {
            throw new InvalidOperationException("A response was taken that nobody made.");
        }
    }
}
