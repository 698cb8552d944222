using System.Globalization;
using System.Text;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Syntax;

/// <summary>String and bytes literals: four quotings, an <c>r</c> prefix for raw and <c>b</c> for bytes, and C-like escapes.</summary>
internal static class CelStringLiteral
{
    public static bool StartsAt(string text, int position)
    {
        // At most one each of the prefixes r and b, in either order.
        var at = position;
        while (at < text.Length && at - position < 2 && text[at] is 'r' or 'R' or 'b' or 'B')
            at++;
        if (at >= text.Length || text[at] is not ('"' or '\''))
            return false;
        return at - position < 2 || (text[position] | ' ') != (text[position + 1] | ' ');
    }

    public static (CelValue Value, int End) Read(CelSource source, int position)
    {
        var text = source.Text;
        var at = position;
        bool raw = false, bytes = false;
        for (; text[at] is not ('"' or '\''); at++)
        {
            raw |= text[at] is 'r' or 'R';
            bytes |= text[at] is 'b' or 'B';
        }
        var quote = new string(text[at], 1);
        var triple = new string(text[at], 3);
        var isTriple = string.CompareOrdinal(text, at, triple, 0, 3) == 0;
        var close = isTriple ? triple : quote;
        at += close.Length;
        // Bytes escapes name octets, so the content is gathered as UTF-8 throughout and decoded at the end.
        var content = new List<byte>();
        Span<byte> encoded = stackalloc byte[4];
        while (true)
        {
            if (at >= text.Length || (!isTriple && text[at] is '\n' or '\r'))
                throw source.Error(position, $"syntax error: the string is not closed by {close}");
            if (string.CompareOrdinal(text, at, close, 0, close.Length) == 0)
                break;
            if (text[at] == '\\' && !raw)
            {
                at = Escape(source, at, bytes, content);
                continue;
            }
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var used) != System.Buffers.OperationStatus.Done)
                throw source.Error(at, "syntax error: a lone surrogate is no character");
            content.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
            at += used;
        }
        CelValue value = bytes ? new CelBytes([.. content]) : new CelString(Encoding.UTF8.GetString([.. content]));
        return (value, at + close.Length);
    }

    private static int Escape(CelSource source, int at, bool bytes, List<byte> content)
    {
        var kind = at + 1 < source.Text.Length ? source.Text[at + 1] : '\0';
        switch (kind)
        {
            case '\\' or '?' or '"' or '\'' or '`':
                content.Add((byte)kind);
                return at + 2;
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v':
                content.Add((byte)"\a\b\f\n\r\t\v"["abfnrtv".IndexOf(kind, StringComparison.Ordinal)]);
                return at + 2;
            case 'x' or 'X':
                return Number(source, at, 2, 2, 16, bytes, content);
            case 'u' when !bytes:
                return Number(source, at, 2, 4, 16, bytes, content);
            case 'U' when !bytes:
                return Number(source, at, 2, 8, 16, bytes, content);
            case >= '0' and <= '3':
                return Number(source, at, 1, 3, 8, bytes, content);
            default:
                throw source.Error(at, "syntax error: unknown escape sequence");
        }
    }

    private static int Number(CelSource source, int at, int prefix, int digits, int radix, bool bytes, List<byte> content)
    {
        var start = at + prefix;
        uint value = 0;
        for (var i = start; i < start + digits; i++)
        {
            if (i >= source.Text.Length || !uint.TryParse(source.Text.AsSpan(i, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit) || digit >= radix)
                throw source.Error(at, $"syntax error: the escape sequence needs {digits} digits of base {radix}");
            value = (value * (uint)radix) + digit;
        }
        if (bytes)
        {
            content.Add((byte)value);
            return start + digits;
        }
        if (!Rune.TryCreate(value, out var rune))
            throw source.Error(at, "syntax error: the escape sequence names no Unicode character");
        Span<byte> encoded = stackalloc byte[4];
        content.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
        return start + digits;
    }
}
