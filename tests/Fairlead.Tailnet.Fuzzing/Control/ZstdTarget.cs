using Fairlead.Tailnet.Protocol.Control.Framing;

namespace Fairlead.Tailnet.Fuzzing.Control;

/// <summary>Compressed data, which may not unpack to more than allowed.</summary>
internal sealed class ZstdTarget : IFuzzTarget
{
    private const int MaxSize = 64 << 10;

    public string Name => "zstd";

    public IEnumerable<byte[]> Seeds => ZstdCodec.IsAvailable
        ? [ZstdCodec.Compress("a text, a text, a text"u8), ZstdCodec.Compress(new byte[MaxSize]), ZstdCodec.Compress(new byte[MaxSize + 1]), ZstdCodec.Compress([])]
        : [[]];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!ZstdCodec.IsAvailable) return;
        try
        {
            if (ZstdCodec.Decompress(input, MaxSize).Length > MaxSize) throw new InvalidOperationException("More was unpacked than allowed.");
        }
        catch (InvalidDataException)
        {
        }
    }
}
