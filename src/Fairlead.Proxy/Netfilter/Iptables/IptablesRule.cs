using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Fairlead.Proxy.Netfilter.Iptables;

/// <summary>A rule as the words of its specification, as <c>iptables -S</c> prints and <c>iptables-restore</c> reads it.</summary>
/// <param name="Specification">Words without quotes, what comes after the chain's name.</param>
internal sealed partial record IptablesRule(string Table, string Chain, ImmutableArray<string> Specification)
{
    public string Comment => Specification.IndexOf("--comment") is >= 0 and var index && index + 1 < Specification.Length ? Specification[index + 1] : "";

    public string Target => Specification.IndexOf("-j") is >= 0 and var index && index + 1 < Specification.Length ? Specification[index + 1] : "";

    /// <summary>
    /// The same for the same rule however it is written: versions differ in the order of words, and in whether they print what goes without
    /// saying.
    /// </summary>
    public string Key
    {
        get
        {
            var words = new List<string>();
            for (var index = 0; index < Specification.Length; index++)
            {
                if (index + 1 < Specification.Length && (Specification[index], Specification[index + 1]) is ("-m", "tcp" or "udp") or ("--packet", "0"))
                {
                    index++;
                    continue;
                }

                words.Add(Specification[index]);
            }

            return string.Join('\n', words.Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Reads a line of <c>iptables -S</c>.</summary>
    /// <returns>Null for a line that is no rule.</returns>
    public static IptablesRule? Parse(string table, string line)
    {
        var words = Word().Matches(line).Select(match => Unquote(match.Value)).ToList();
        return words is ["-A", var chain, .. var rest] ? new IptablesRule(table, chain, [.. rest]) : null;
    }

    /// <summary>The specification as a line's part.</summary>
    public string Text => string.Join(' ', Specification.Select(Quote));

    public bool Equals(IptablesRule? other) => other is not null && Table == other.Table && Chain == other.Chain && Key == other.Key;

    public override int GetHashCode() => HashCode.Combine(Table, Chain, Key);

    public override string ToString() => $"-t {Table} {Chain} {Text}";

    private static string Quote(string word)
    {
        if (Plain().IsMatch(word))
        {
            return word;
        }

        var quoted = new StringBuilder("\"");
        foreach (var character in word)
        {
            quoted.Append(character is '"' or '\\' ? "\\" : "").Append(character);
        }

        return quoted.Append('"').ToString();
    }

    private static string Unquote(string word) => word is ['"', .. var inner, '"'] ? Escaped().Replace(inner, "$1") : word;

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|\S+
        """)]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Za-z0-9._:/,\[\]!-]+\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escaped();
}
