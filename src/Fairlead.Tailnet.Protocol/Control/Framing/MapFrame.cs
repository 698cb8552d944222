using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>A message of the map stream: the length of the body in four bytes, least significant first, and the body.</summary>
public static class MapFrame
{
    /// <summary>Length of the length.</summary>
    public const int HeaderSize = 4;

    /// <summary>Most bytes of a body, packed or not. Peers take about 1.5 KiB each.</summary>
    public const int MaxBodySize = 64 << 20;

    /// <summary>The message as it goes over the wire, e.g. to many streams.</summary>
    /// <exception cref="PlatformNotSupportedException">Compression was asked for, and <see cref="ZstdCodec.IsAvailable"/> is false.</exception>
    public static byte[] Encode(MapResponse message, MapCompression compression)
    {
        ArgumentNullException.ThrowIfNull(message);
        var json = new ArrayBufferWriter<byte>();
        ControlJson.Serialize(json, message);
        return Encode(json.WrittenSpan, compression);
    }

    /// <param name="body">Any bytes, in practice JSON.</param>
    /// <exception cref="PlatformNotSupportedException">Compression was asked for, and <see cref="ZstdCodec.IsAvailable"/> is false.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> body, MapCompression compression)
    {
        if (compression == MapCompression.Zstd) body = ZstdCodec.Compress(body);
        var frame = new byte[HeaderSize + body.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)body.Length);
        body.CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    /// <summary>Reads the body of a frame.</summary>
    /// <exception cref="MapFrameException">It is no message, or one that would take unreasonably much memory.</exception>
    public static MapResponse Decode(ReadOnlySpan<byte> body, MapCompression compression) => Decode(body, compression, out _);

    /// <param name="weight">What the message takes in memory, in units of some 32 bytes.</param>
    /// <inheritdoc cref="Decode(ReadOnlySpan{byte}, MapCompression)"/>
    internal static MapResponse Decode(ReadOnlySpan<byte> body, MapCompression compression, out long weight)
    {
        if (compression == MapCompression.None) return Parse(body, out weight);
        var unpacked = ArrayPool<byte>.Shared.Rent(Math.Min(MaxBodySize, Math.Max(body.Length * 4, 4096)));
        try
        {
            var length = ZstdCodec.Decompress(body, ref unpacked, MaxBodySize, ArrayPool<byte>.Shared);
            return Parse(unpacked.AsSpan(0, length), out weight);
        }
        catch (InvalidDataException e)
        {
            throw new MapFrameException("The body of a map frame is not valid Zstandard data.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unpacked);
        }
    }

    private static MapResponse Parse(ReadOnlySpan<byte> json, out long weight)
    {
        try
        {
            weight = MessageBudget.Weigh(json);
            return ControlJson.Deserialize<MapResponse>(json);
        }
        catch (JsonException e)
        {
            throw new MapFrameException("The body of a map frame is not a map response.", e);
        }
    }
}
