using System.Buffers;
using System.Globalization;
using System.Text;

namespace Fairlead.Tailnet.Control.ControlToNode;

/// <summary>The chunked transfer coding of HTTP/1.1 (RFC 9112 section 7.1), of a message that is there as a whole.</summary>
internal static class ChunkedBody
{
    /// <summary>Longest line with a chunk's size, extensions included: nobody here has a use for extensions, and some send short ones.</summary>
    private const int MaxSizeLine = 256;

    /// <summary>Most bytes of trailers, which are thrown away.</summary>
    private const int MaxTrailers = 8 << 10;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <param name="coded">From the first chunk on; what follows the last one's trailers does not count.</param>
    /// <returns>Null if it is not well formed, or not complete.</returns>
    public static byte[]? Decode(ReadOnlySpan<byte> coded)
    {
        // Cannot grow beyond what came, whatever sizes are claimed: a chunk is looked for in the message before it is copied.
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            if (ReadSize(ref coded) is not { } size) return null;
            if (size == 0) return EndsWell(coded) ? body.WrittenSpan.ToArray() : null;
            if (size > coded.Length - LineEnd.Length || !coded[size..].StartsWith(LineEnd)) return null;
            body.Write(coded[..size]);
            coded = coded[(size + LineEnd.Length)..];
        }
    }

    private static int? ReadSize(ref ReadOnlySpan<byte> coded)
    {
        var end = coded[..Math.Min(coded.Length, MaxSizeLine)].IndexOf(LineEnd);
        if (end < 0) return null;
        var line = coded[..end];
        coded = coded[(end + LineEnd.Length)..];
        var extension = line.IndexOf((byte)';');
        // White space is allowed before an extension alone.
        var digits = extension < 0 ? line : line[..extension].TrimEnd(" \t"u8);
        return int.TryParse(Encoding.Latin1.GetString(digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) && size >= 0 ? size : null;
    }

    // Fields or none, and an empty line.
    private static bool EndsWell(ReadOnlySpan<byte> trailers)
    {
        trailers = trailers[..Math.Min(trailers.Length, MaxTrailers)];
        while (true)
        {
            var end = trailers.IndexOf(LineEnd);
            if (end <= 0) return end == 0;
            if (!HttpText.IsField(Encoding.Latin1.GetString(trailers[..end]))) return false;
            trailers = trailers[(end + LineEnd.Length)..];
        }
    }
}
