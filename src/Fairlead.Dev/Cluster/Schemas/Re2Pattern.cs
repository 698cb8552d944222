using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>
/// Patterns of schemas. The API defines them as RE2: linear time, ASCII classes, <c>$</c> only at the very end. They run on
/// the non-backtracking engine after the few spellings that mean something else in .NET are rewritten.
/// </summary>
internal static class Re2Pattern
{
    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> PosixClasses = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    public static bool IsMatch(string pattern, string text) =>
        Compiled.GetOrAdd(pattern, static p => Compile(p)).IsMatch(text);

    /// <summary>Whether RE2 accepts the pattern; the reason otherwise.</summary>
    public static bool TryCompile(string pattern, out string error)
    {
        try
        {
            _ = Compiled.GetOrAdd(pattern, static p => Compile(p));
            error = "";
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error = e.Message;
            return false;
        }
    }

    private static Regex Compile(string pattern) => new(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 8);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
                i = TranslateEscape(pattern, i, inClass, result);
            else if (inClass && c == '[' && TryPosixClass(pattern, i, result, out var end))
                i = end;
            else if (inClass && c == '[')
                result.Append(@"\[");
            else if (inClass && c == '-' && i + 1 < pattern.Length && pattern[i + 1] == '[')
                result.Append(@"\-");
            else if (c == '[')
                i = OpenClass(pattern, i, result, ref inClass);
            else if (c == ']' && inClass)
                Close(result, ref inClass);
            else if (!inClass && c == '$')
                result.Append(@"\z");
            else if (!inClass && c == '(' && string.CompareOrdinal(pattern, i, "(?P<", 0, 4) == 0)
                i = NamedGroup(i, result);
            else
                result.Append(c);
        }

        return result.ToString();
    }

    private static int NamedGroup(int i, StringBuilder result)
    {
        result.Append("(?<");
        return i + 3;
    }

    private static void Close(StringBuilder result, ref bool inClass)
    {
        result.Append(']');
        inClass = false;
    }

    private static int OpenClass(string pattern, int i, StringBuilder result, ref bool inClass)
    {
        inClass = true;
        result.Append('[');
        if (i + 1 < pattern.Length && pattern[i + 1] == '^')
        {
            result.Append('^');
            i++;
        }

        // A closing bracket right after the opening one is a member of the class.
        if (i + 1 < pattern.Length && pattern[i + 1] == ']')
        {
            result.Append(@"\]");
            i++;
        }

        return i;
    }

    private static int TranslateEscape(string pattern, int i, bool inClass, StringBuilder result)
    {
        var next = pattern[i + 1];
        switch (next)
        {
            case 'd' or 'w' or 's':
                result.Append(inClass ? Ascii(next) : $"[{Ascii(next)}]");
                return i + 1;
            case 'D' or 'W' or 'S' when !inClass:
                result.Append($"[^{Ascii(char.ToLowerInvariant(next))}]");
                return i + 1;
            case 'Q':
                var end = pattern.IndexOf(@"\E", i + 2, StringComparison.Ordinal);
                var literal = end < 0 ? pattern[(i + 2)..] : pattern[(i + 2)..end];
                result.Append(Regex.Escape(literal));
                return end < 0 ? pattern.Length : end + 1;
            case 'z':
                result.Append(@"\z");
                return i + 1;
            case 'Z' or 'G' or 'k' or 'C' or (>= '1' and <= '9'):
                throw new ArgumentException($"error parsing regexp: invalid escape sequence: `\\{next}`");
            case 'x' when i + 2 < pattern.Length && pattern[i + 2] == '{':
                return HexEscape(pattern, i, result);
            case 'p' or 'P' when i + 2 < pattern.Length && pattern[i + 2] != '{':
                result.Append($"\\{next}{{{pattern[i + 2]}}}");
                return i + 2;
            default:
                result.Append('\\').Append(next);
                return i + 1;
        }
    }

    private static int HexEscape(string pattern, int i, StringBuilder result)
    {
        var end = pattern.IndexOf('}', i);
        if (end < 0 || !int.TryParse(pattern.AsSpan((i + 3)..end), System.Globalization.NumberStyles.HexNumber, null, out var code)
            || code > 0x10FFFF)
            throw new ArgumentException(@"error parsing regexp: invalid escape sequence: `\x`");
        foreach (var unit in char.ConvertFromUtf32(code))
            result.Append($"\\u{(int)unit:X4}");
        return end;
    }

    private static bool TryPosixClass(string pattern, int i, StringBuilder result, out int end)
    {
        end = i;
        if (i + 1 >= pattern.Length || pattern[i + 1] != ':')
            return false;
        var close = pattern.IndexOf(":]", i + 2, StringComparison.Ordinal);
        if (close < 0 || !PosixClasses.TryGetValue(pattern[(i + 2)..close], out var members))
            return false;
        result.Append(members);
        end = close + 1;
        return true;
    }

    private static string Ascii(char kind) => kind switch
    {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        _ => @"\t\n\f\r ",
    };
}
