using System.Buffers;

namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>
/// Zstandard (RFC 8878) by the system's libzstd, since the platform has none of its own. Where that library is missing,
/// <see cref="IsAvailable"/> is false, and peers have to be asked for plain data.
/// </summary>
public static class ZstdCodec
{
    /// <summary>Fast; map responses shrink by about four fifths.</summary>
    private const int Level = 1;

    private static readonly ZstdLibrary? Library = ZstdLibrary.TryLoad();

    public static bool IsAvailable => Library is not null;

    /// <exception cref="PlatformNotSupportedException"><see cref="IsAvailable"/> is false.</exception>
    public static byte[] Compress(ReadOnlySpan<byte> data) => Loaded().Compress(data, Level);

    /// <summary>Unpacks one or more whole frames.</summary>
    /// <param name="maxSize">Most bytes of the result.</param>
    /// <exception cref="InvalidDataException">Not whole valid frames, or the result would be larger than <paramref name="maxSize"/>.</exception>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsAvailable"/> is false.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> data, int maxSize)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(maxSize, 4096));
        try
        {
            var length = Decompress(data, ref buffer, maxSize, ArrayPool<byte>.Shared);
            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <param name="buffer">Of <paramref name="pool"/>; exchanged for a larger one as needed.</param>
    /// <returns>Bytes of the result in <paramref name="buffer"/>.</returns>
    /// <inheritdoc cref="Decompress(ReadOnlySpan{byte}, int)"/>
    internal static int Decompress(ReadOnlySpan<byte> data, ref byte[] buffer, int maxSize, ArrayPool<byte> pool)
    {
        using var decompression = new ZstdDecompression(Loaded());
        return decompression.Run(data, ref buffer, maxSize, pool);
    }

    private static ZstdLibrary Loaded() =>
        Library ?? throw new PlatformNotSupportedException("The system library libzstd is missing; install it, or ask for uncompressed data.");
}
