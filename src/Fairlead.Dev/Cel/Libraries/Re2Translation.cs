using System.Text;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>
/// Spells an RE2 pattern for .NET where the two read the same text differently: <c>$</c> is the very end, the classes
/// <c>\d \w \s \b</c> are ASCII, names are <c>(?P&lt;n&gt;…)</c>, and there are <c>[[:alpha:]]</c>, <c>\pL</c>, <c>\Q…\E</c> and <c>\C</c>.
/// </summary>
internal static class Re2Translation
{
    // ASCII word boundaries have no .NET spelling without look-around, which the linear engine lacks;
    // \b is kept and differs only next to letters beyond ASCII.
    private const string Digit = "0-9";
    private const string Word = "0-9A-Za-z_";
    private const string Space = @"\t\n\f\r ";

    public static string ToDotNet(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var at = 0;
        while (at < pattern.Length)
        {
            switch (pattern[at])
            {
                case '\\':
                    at = Escape(pattern, at, text, inClass: false);
                    break;
                case '[':
                    at = Class(pattern, at, text);
                    break;
                case '$':
                    text.Append(@"\z");
                    at++;
                    break;
                case '(' when Follows(pattern, at, "(?P<"):
                    text.Append("(?<");
                    at += 4;
                    break;
                default:
                    text.Append(pattern[at++]);
                    break;
            }
        }
        return text.ToString();
    }

    private static int Escape(string pattern, int at, StringBuilder text, bool inClass)
    {
        if (at + 1 >= pattern.Length)
            throw new ArgumentException("trailing backslash at end of expression");
        var kind = pattern[at + 1];
        switch (kind)
        {
            case 'd' or 'w' or 's':
                var set = kind switch { 'd' => Digit, 'w' => Word, _ => Space };
                text.Append(inClass ? set : $"[{set}]");
                return at + 2;
            case 'D' or 'W' or 'S':
                var excluded = kind switch { 'D' => Digit, 'W' => Word, _ => Space };
                text.Append(inClass ? Complement(kind) : $"[^{excluded}]");
                return at + 2;
            case 'p' or 'P' when at + 2 < pattern.Length && pattern[at + 2] != '{':
                text.Append('\\').Append(kind).Append('{').Append(pattern[at + 2]).Append('}');
                return at + 3;
            case 'x' when at + 2 < pattern.Length && pattern[at + 2] == '{':
                var close = pattern.IndexOf('}', at);
                if (close < 0 || !uint.TryParse(pattern.AsSpan((at + 3)..close), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code) || code > char.MaxValue)
                    throw new ArgumentException($"invalid escape sequence: {pattern[at..(close < 0 ? pattern.Length : close + 1)]}");
                text.Append($"\\u{code:X4}");
                return close + 1;
            case 'Q' when !inClass:
                var end = pattern.IndexOf(@"\E", at + 2, StringComparison.Ordinal);
                var literal = end < 0 ? pattern[(at + 2)..] : pattern[(at + 2)..end];
                text.Append(System.Text.RegularExpressions.Regex.Escape(literal));
                return end < 0 ? pattern.Length : end + 2;
            case >= '1' and <= '9' or 'k' or 'c' or 'e' or 'G' or 'Z' or 'u' or 'E' or 'C':
                throw new ArgumentException($"invalid escape sequence: \\{kind}");
            default:
                text.Append('\\').Append(kind);
                return at + 2;
        }
    }

    private static string Complement(char kind) => kind switch
    {
        'D' => @"\0-/:-\uFFFF",
        'W' => @"\0-/:-@\[-\^`{-\uFFFF",
        _ => @"\0-\x08\x0B\x0E-\x1F!-\uFFFF",
    };

    private static int Class(string pattern, int at, StringBuilder text)
    {
        text.Append('[');
        at++;
        if (at < pattern.Length && pattern[at] == '^')
        {
            text.Append('^');
            at++;
        }
        var first = true;
        for (; at < pattern.Length && (pattern[at] != ']' || first); first = false)
        {
            if (Follows(pattern, at, "[:"))
                at = Posix(pattern, at, text);
            else if (pattern[at] == '\\')
                at = Escape(pattern, at, text, inClass: true);
            else if (pattern[at] is '[' or ']')
                text.Append('\\').Append(pattern[at++]);
            else
                text.Append(pattern[at++]);
        }
        if (at >= pattern.Length)
            throw new ArgumentException("missing closing ]");
        text.Append(']');
        return at + 1;
    }

    private static int Posix(string pattern, int at, StringBuilder text)
    {
        var end = pattern.IndexOf(":]", at, StringComparison.Ordinal);
        var name = end < 0 ? pattern[at..] : pattern[(at + 2)..end];
        text.Append(name switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => @"\0-\x7F",
            "blank" => @"\t ",
            "cntrl" => @"\0-\x1F\x7F",
            "digit" => Digit,
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\t\n\v\f\r ",
            "upper" => "A-Z",
            "word" => Word,
            "xdigit" => "0-9A-Fa-f",
            _ => throw new ArgumentException($"invalid character class range: [:{name}:]"),
        });
        return end + 2;
    }

    private static bool Follows(string pattern, int at, string expected) =>
        string.CompareOrdinal(pattern, at, expected, 0, expected.Length) == 0;
}
