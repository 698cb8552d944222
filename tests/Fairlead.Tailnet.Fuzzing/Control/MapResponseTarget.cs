using System.Text;
using System.Text.Json;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Fuzzing.Control;

/// <summary>Messages, one a line, applied one after the other; what is read is written and read as the same.</summary>
internal sealed class MapResponseTarget : IFuzzTarget
{
    public string Name => "map-response";

    public IEnumerable<byte[]> Seeds =>
    [
        .. MapSeeds.Messages.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(string.Join('\n', MapSeeds.Messages)),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var maps = new MapSequence();
        foreach (var line in input.Split((byte)'\n'))
        {
            try
            {
                var message = ControlJson.Deserialize<MapResponse>(input[line]);
                var text = ControlJson.Serialize(message);
                if (!text.AsSpan().SequenceEqual(ControlJson.Serialize(ControlJson.Deserialize<MapResponse>(text))))
                {
                    throw new InvalidOperationException("A message was not read as it was written.");
                }

                maps.Apply(message);
            }
            catch (JsonException)
            {
            }
            catch (NetworkMapException)
            {
            }
        }
    }

    // Each message is held four times: read, written, read again and written again.
    long IFuzzTarget.AllocationLimit(int inputLength) => (1 << 20) + (4096L * inputLength);
}
