using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Fairlead.Kubernetes.Serialization;

/// <summary>
/// Replaces escaped surrogate pairs in JSON by the characters they stand for. JSON writers escape everything beyond U+FFFF so, but the API
/// server reads bodies of server-side apply as YAML, which refuses such escapes.
/// </summary>
internal static class SurrogatePairs
{
    // \uXXXX
    private const int EscapeLength = 6;

    public static ReadOnlyMemory<byte> Unescape(ReadOnlyMemory<byte> json)
    {
        var source = json.Span;
        if (source.IndexOf("\\uD"u8) < 0)
            return json;

        var result = new ArrayBufferWriter<byte>(source.Length);
        while (source.IndexOf((byte)'\\') is var escape and >= 0)
        {
            result.Write(source[..escape]);
            source = source[escape..];
            if (TryReadPair(source, out var character))
            {
                result.Advance(character.EncodeToUtf8(result.GetSpan(4)));
                source = source[(2 * EscapeLength)..];
            }
            else
            {
                // An escape has at least two characters; the second may be a backslash that starts nothing.
                result.Write(source[..2]);
                source = source[2..];
            }
        }

        result.Write(source);
        return result.WrittenMemory;
    }

    private static bool TryReadPair(ReadOnlySpan<byte> text, out Rune character)
    {
        character = default;
        return text.Length >= 2 * EscapeLength
            && TryReadEscape(text, out var high)
            && TryReadEscape(text[EscapeLength..], out var low)
            && Rune.TryCreate(high, low, out character);
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> text, out char value)
    {
        value = default;
        if (!text.StartsWith("\\u"u8) || !Utf8Parser.TryParse(text[2..EscapeLength], out ushort code, out var consumed, 'x') || consumed != 4)
            return false;

        value = (char)code;
        return true;
    }
}
