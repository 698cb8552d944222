using System.Buffers;
using System.Buffers.Binary;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>Reads a map stream, one message after the other. Holds no buffer while it waits for one.</summary>
/// <param name="stream">Stays the caller's.</param>
/// <param name="maxBodySize">Most bytes of a packed body; what it unpacks to is bound by <see cref="MapFrame.MaxBodySize"/>.</param>
public sealed class MapFrameReader(Stream stream, MapCompression compression, int maxBodySize = MapFrame.MaxBodySize)
{
    /// <summary>First buffer for a body: what is claimed is not believed before it comes.</summary>
    private const int InitialBuffer = 16 << 10;

    private readonly byte[] _header = new byte[MapFrame.HeaderSize];

    /// <summary>What all messages so far would take in memory if all of it were kept, in units of some 32 bytes. A reader who keeps state may bound it by this.</summary>
    public long TotalWeight { get; private set; }

    /// <summary>The next message, or null when the stream ended after the last one.</summary>
    /// <exception cref="MapFrameException">The stream broke off within a message, or what came is none. Nothing more can be read.</exception>
    /// <exception cref="IOException">The stream failed.</exception>
    public async ValueTask<MapResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        var got = await stream.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (got == 0) return null;
        if (got < _header.Length) throw BrokenOff();
        var size = BinaryPrimitives.ReadUInt32LittleEndian(_header);
        if (size > (uint)maxBodySize) throw new MapFrameException($"A map frame of {size} bytes is larger than the limit of {maxBodySize}.");
        return await ReadBodyAsync((int)size, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<MapResponse> ReadBodyAsync(int size, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(size, InitialBuffer));
        try
        {
            var filled = 0;
            while (filled < size)
            {
                if (filled == buffer.Length) Grow(ref buffer, size);
                var got = await stream.ReadAsync(buffer.AsMemory(filled, Math.Min(buffer.Length, size) - filled), cancellationToken).ConfigureAwait(false);
                if (got == 0) throw BrokenOff();
                filled += got;
            }

            var message = MapFrame.Decode(buffer.AsSpan(0, size), compression, out var weight);
            TotalWeight += weight;
            return message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(size, buffer.Length * 2L));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private static MapFrameException BrokenOff() => new("The map stream broke off within a message.");
}
