using System.Text;
using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The standard string functions and version 2 of the extended ones. Indexes count code points.</summary>
internal static class StringLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Member("contains", [CelKind.String, CelKind.String], CelType.Bool, a => CelValue.Of(a.Text(0).Contains(a.Text(1), StringComparison.Ordinal)));
        table.Member("startsWith", [CelKind.String, CelKind.String], CelType.Bool, a => CelValue.Of(a.Text(0).StartsWith(a.Text(1), StringComparison.Ordinal)));
        table.Member("endsWith", [CelKind.String, CelKind.String], CelType.Bool, a => CelValue.Of(a.Text(0).EndsWith(a.Text(1), StringComparison.Ordinal)));
        table.Member("lowerAscii", [CelKind.String], CelType.String, a => new CelString(Ascii(a.Text(0), char.IsAsciiLetterUpper)));
        table.Member("upperAscii", [CelKind.String], CelType.String, a => new CelString(Ascii(a.Text(0), char.IsAsciiLetterLower)));
        table.Member("trim", [CelKind.String], CelType.String, a => new CelString(a.Text(0).Trim()));
        table.Member("charAt", [CelKind.String, Int], CelType.String, a => CharAt(a.Text(0), a.Int(1)));
        table.Member("substring", [CelKind.String, Int], CelType.String, a => Substring(a.Text(0), a.Int(1), null));
        table.Member("substring", [CelKind.String, Int, Int], CelType.String, a => Substring(a.Text(0), a.Int(1), a.Int(2)));
        table.Member("indexOf", [CelKind.String, CelKind.String], CelType.Int, a => IndexOf(a.Text(0), a.Text(1), 0));
        table.Member("indexOf", [CelKind.String, CelKind.String, Int], CelType.Int, a => IndexOf(a.Text(0), a.Text(1), a.Int(2)));
        table.Member("lastIndexOf", [CelKind.String, CelKind.String], CelType.Int, a => LastIndexOf(a.Text(0), a.Text(1), null));
        table.Member("lastIndexOf", [CelKind.String, CelKind.String, Int], CelType.Int, a => LastIndexOf(a.Text(0), a.Text(1), a.Int(2)));
        table.Member("replace", [CelKind.String, CelKind.String, CelKind.String], CelType.String, a => new CelString(Replace(a.Text(0), a.Text(1), a.Text(2), -1)));
        table.Member("replace", [CelKind.String, CelKind.String, CelKind.String, Int], CelType.String, a => new CelString(Replace(a.Text(0), a.Text(1), a.Text(2), a.Int(3))));
        table.Member("split", [CelKind.String, CelKind.String], CelType.ListOf(CelType.String), a => Split(a.Text(0), a.Text(1), -1));
        table.Member("split", [CelKind.String, CelKind.String, Int], CelType.ListOf(CelType.String), a => Split(a.Text(0), a.Text(1), a.Int(2)));
        table.Member("join", [List], CelType.String, a => Join(a.List(0), ""));
        table.Member("join", [List, CelKind.String], CelType.String, a => Join(a.List(0), a.Text(1)));
        table.Member("format", [CelKind.String, List], CelType.String, a => StringFormat.Apply(a.Text(0), a.List(1)));
        table.Global("strings.quote", [CelKind.String], CelType.String, a => new CelString(Quote(a.Text(0))));
    }

    private static string Ascii(string text, Func<char, bool> changes) =>
        string.Create(text.Length, (text, changes), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = state.changes(state.text[i]) ? (char)(state.text[i] ^ ' ') : state.text[i];
        });

    private static CelError OutOfRange(long index) => new(CelErrorReason.IndexOutOfRange, $"index out of range: {index}");

    private static CelValue CharAt(string text, long index)
    {
        var offset = CodePoints.OffsetOf(text, index);
        if (offset < 0)
            return OutOfRange(index);
        return new CelString(offset == text.Length ? "" : text.Substring(offset, Rune.GetRuneAt(text, offset).Utf16SequenceLength));
    }

    private static CelValue Substring(string text, long start, long? end)
    {
        var from = CodePoints.OffsetOf(text, start);
        var to = end is null ? text.Length : CodePoints.OffsetOf(text, end.Value);
        if (from < 0)
            return OutOfRange(start);
        if (to < 0)
            return OutOfRange(end!.Value);
        return to < from
            ? new CelError(CelErrorReason.IndexOutOfRange, $"invalid substring range. start: {start}, end: {end}")
            : new CelString(text[from..to]);
    }

    private static CelValue IndexOf(string text, string sought, long start)
    {
        if (sought.Length == 0)
            return new CelInt(start);
        var from = CodePoints.OffsetOf(text, start);
        return from < 0
            ? OutOfRange(start)
            : new CelInt(CodePoints.IndexAt(text, text.IndexOf(sought, from, StringComparison.Ordinal)));
    }

    private static CelValue LastIndexOf(string text, string sought, long? last)
    {
        if (sought.Length == 0)
            return new CelInt(last ?? CodePoints.Count(text));
        var limit = last is null ? text.Length : CodePoints.OffsetOf(text, last.Value);
        if (limit < 0)
            return OutOfRange(last!.Value);
        // A match may start at the limit and reach beyond it.
        var within = text.AsSpan(0, (int)Math.Min((long)limit + sought.Length, text.Length));
        return new CelInt(CodePoints.IndexAt(text, within.LastIndexOf(sought, StringComparison.Ordinal)));
    }

    private static string Replace(string text, string old, string replacement, long limit)
    {
        if (limit == 0)
            return text;
        var result = new StringBuilder();
        var at = 0;
        for (long done = 0; limit < 0 || done < limit; done++)
        {
            var next = old.Length > 0 ? text.IndexOf(old, at, StringComparison.Ordinal) : at;
            if (next < 0 || next > text.Length)
                break;
            if (old.Length == 0)
            {
                // An empty text is found before each character and at the end.
                result.Append(replacement);
                if (at == text.Length)
                    return result.ToString();
                var width = Rune.TryGetRuneAt(text, at, out var rune) ? rune.Utf16SequenceLength : 1;
                result.Append(text, at, width);
                at += width;
                continue;
            }
            result.Append(text, at, next - at).Append(replacement);
            at = next + old.Length;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    private static CelList Split(string text, string separator, long limit)
    {
        if (limit == 0)
            return new CelList([]);
        var parts = new List<CelValue>();
        var at = 0;
        while (limit < 0 || parts.Count < limit - 1)
        {
            int next;
            if (separator.Length > 0)
                next = text.IndexOf(separator, at, StringComparison.Ordinal);
            else
                next = at >= text.Length ? -1 : at + (Rune.TryGetRuneAt(text, at, out var rune) ? rune.Utf16SequenceLength : 1);
            if (next < 0 || (separator.Length == 0 && next >= text.Length))
                break;
            parts.Add(new CelString(text[at..next]));
            at = next + separator.Length;
        }
        if (separator.Length > 0 || text.Length > 0)
            parts.Add(new CelString(text[at..]));
        return new CelList(parts);
    }

    private static CelValue Join(CelList list, string separator) =>
        list.Items.FirstOrDefault(item => item is not CelString) is { } other
            ? new CelError(CelErrorReason.NoSuchOverload, $"no such overload: join() of a list with a {CelKinds.Name(other.Kind)}")
            : new CelString(string.Join(separator, list.Items));

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            var place = "\a\b\f\n\r\t\v\\\"".IndexOf(character, StringComparison.Ordinal);
            if (place >= 0)
                quoted.Append('\\').Append("abfnrtv\\\""[place]);
            else
                quoted.Append(character);
        }
        return quoted.Append('"').ToString();
    }
}
