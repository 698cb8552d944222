using System.Text;
using Fairlead.Tailnet.Protocol.Control.Framing;

namespace Fairlead.Tailnet.Fuzzing.Control;

/// <summary>Map streams, plain or compressed.</summary>
internal sealed class MapFrameTarget(MapCompression compression) : IFuzzTarget
{
    public string Name => compression == MapCompression.None ? "map-frame" : "map-frame-zstd";

    public IEnumerable<byte[]> Seeds =>
    [
        .. MapSeeds.Messages.Select(message => MapFrame.Encode(Encoding.UTF8.GetBytes(message), compression)),
        [.. MapSeeds.Messages.SelectMany(message => MapFrame.Encode(Encoding.UTF8.GetBytes(message), compression))],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        using var stream = new MemoryStream(input.ToArray());
        // Small, so that what a frame unpacks to is in proportion to what it takes.
        var reader = new MapFrameReader(stream, compression, 64 << 10);
        try
        {
            // Reads of a memory stream complete at once.
            while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is not null)
            {
            }
        }
        catch (MapFrameException)
        {
        }
    }

    // A frame of a few bytes may unpack to 64 MiB, all of whitespace; the buffer is the pool's.
    long IFuzzTarget.AllocationLimit(int inputLength) => compression == MapCompression.None ? (1 << 20) + (1024L * inputLength) : MapFrame.MaxBodySize * 3L;
}
