using System.Text;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Tailnet.Fuzzing.Noise;

/// <summary>The first bytes inside the channel: an early payload is taken off, anything else is read as it came.</summary>
internal sealed class EarlyPayloadTarget : IFuzzTarget
{
    public string Name => "early-payload";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            using var written = new MemoryStream();
            EarlyPayload.WriteAsync(written, new EarlyNoise { NodeKeyChallenge = new(NoiseFuzzKeys.Machine.PublicKey.Key) }, CancellationToken.None).GetAwaiter().GetResult();
            written.Write(Encoding.ASCII.GetBytes("what follows"));
            return [written.ToArray(), [0, 0, 18, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]];
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        using var stream = new EarlyPayloadStream(new MemoryStream(input.ToArray()));
        using var read = new MemoryStream();
        try
        {
            stream.CopyTo(read);
        }
        catch (IOException)
        {
            return;
        }

        if (!input.EndsWith(read.ToArray()) || (stream.Payload.Result is null && read.Length != input.Length))
        {
            throw new InvalidOperationException("Bytes of the channel were lost.");
        }
    }
}
