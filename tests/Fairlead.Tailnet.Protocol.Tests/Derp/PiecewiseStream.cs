namespace Fairlead.Tailnet.Protocol.Tests.Derp;

/// <summary>A stream that gives at most so many bytes per read.</summary>
internal sealed class PiecewiseStream(ReadOnlyMemory<byte> bytes, int pieceSize) : MemoryStream(bytes.ToArray())
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceSize)], cancellationToken);
}
