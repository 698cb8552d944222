using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cluster.Tables;

/// <summary>
/// The JSONPath that printer columns use: members (<c>.a.b</c>, <c>['a']</c>, <c>\.</c> for a dot in a name), indexes
/// (<c>[0]</c>, <c>[*]</c>) and filters of equality (<c>[?(@.type=="Ready")]</c>). The first match counts.
/// </summary>
internal static partial class JsonPath
{
    public static JsonNode? Find(JsonNode root, string path)
    {
        var nodes = new List<JsonNode> { root };
        var text = path.Trim('{', '}').AsSpan().TrimStart('$');
        while (!text.IsEmpty && nodes.Count > 0)
        {
            if (text[0] == '[')
            {
                var end = EndOfBracket(text);
                if (end < 0)
                    return null;
                nodes = [.. nodes.SelectMany(Bracket(text[1..end].ToString()))];
                text = text[(end + 1)..];
            }
            else
            {
                var name = Member(text.TrimStart('.'), out text);
                nodes = [.. nodes.OfType<JsonObject>().Select(o => o[name]).OfType<JsonNode>()];
            }
        }

        return nodes.FirstOrDefault();
    }

    private static string Member(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        var name = new StringBuilder();
        var i = 0;
        for (; i < text.Length && text[i] is not ('.' or '['); i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
                i++;
            name.Append(text[i]);
        }

        rest = text[i..];
        return name.ToString();
    }

    private static int EndOfBracket(ReadOnlySpan<char> text)
    {
        var quote = '\0';
        for (var i = 1; i < text.Length; i++)
        {
            if (quote != '\0')
                quote = text[i] == quote ? '\0' : quote;
            else if (text[i] is '"' or '\'')
                quote = text[i];
            else if (text[i] == ']')
                return i;
        }

        return -1;
    }

    private static Func<JsonNode, IEnumerable<JsonNode>> Bracket(string inner)
    {
        if (inner == "*")
            return node => node is JsonArray a ? a.OfType<JsonNode>() : [];
        if (int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
            return node => node is JsonArray a && Element(a, index) is { } element ? [element] : [];
        if (FilterPattern().Match(inner) is { Success: true } filter)
        {
            var (path, wanted) = (filter.Groups[1].Value, filter.Groups[2].Value);
            return node => node is JsonArray a ? a.OfType<JsonNode>().Where(e => Find(e, path)?.ToString() == wanted) : [];
        }

        var name = inner.Trim('\'', '"');
        return node => node is JsonObject o && o[name] is { } member ? [member] : [];
    }

    private static JsonNode? Element(JsonArray array, int index)
    {
        var at = index < 0 ? array.Count + index : index;
        return at >= 0 && at < array.Count ? array[at] : null;
    }

    [GeneratedRegex("""\A\?\(\s*@([^=\s]+)\s*==\s*["']?([^"']*?)["']?\s*\)\z""")]
    private static partial Regex FilterPattern();
}
