using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>Writes a map stream. One message at a time.</summary>
/// <param name="stream">Stays the caller's; flushed after each message.</param>
public sealed class MapFrameWriter(Stream stream, MapCompression compression)
{
    /// <exception cref="PlatformNotSupportedException">Compression was asked for, and <see cref="ZstdCodec.IsAvailable"/> is false.</exception>
    public Task WriteAsync(MapResponse message, CancellationToken cancellationToken) =>
        WriteAsync(MapFrame.Encode(message, compression), cancellationToken);

    /// <param name="frame">As <see cref="MapFrame.Encode(MapResponse, MapCompression)"/> made it, with the same compression.</param>
    public async Task WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
