namespace Fairlead.Dev.Cel.Libraries;

/// <summary>CEL counts the characters of a string in code points; these translate to and from UTF-16 offsets.</summary>
internal static class CodePoints
{
    public static int Count(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    /// <summary>Gives the UTF-16 offset of a code point, or -1 if the text has fewer. The end of the text is a valid place.</summary>
    public static int OffsetOf(string text, long codePoint)
    {
        if (codePoint < 0 || codePoint > text.Length)
            return -1;
        var offset = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (codePoint-- == 0)
                return offset;
            offset += rune.Utf16SequenceLength;
        }
        return codePoint == 0 ? offset : -1;
    }

    /// <summary>Gives the code point at a UTF-16 offset; -1 stays -1.</summary>
    public static long IndexAt(string text, int offset) => offset < 0 ? -1 : Count(text[..offset]);
}
