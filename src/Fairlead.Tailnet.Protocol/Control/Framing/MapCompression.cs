using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>How the bodies of a map stream are packed.</summary>
public enum MapCompression
{
    /// <summary>Plain JSON.</summary>
    None,

    /// <summary>Zstandard; see <see cref="MapRequest.Zstd"/> and <see cref="ZstdCodec.IsAvailable"/>.</summary>
    Zstd,
}
