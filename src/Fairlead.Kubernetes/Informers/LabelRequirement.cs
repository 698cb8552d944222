namespace Fairlead.Kubernetes.Informers;

/// <summary>One term of a label selector: <c>a=b</c>, <c>a!=b</c>, <c>a in (b,c)</c>, <c>a notin (b,c)</c>, <c>a</c>, <c>!a</c>.</summary>
/// <param name="Values">Null: only presence matters.</param>
/// <param name="Negated">Also true for objects without the label.</param>
internal sealed record LabelRequirement(string Label, string[]? Values, bool Negated)
{
    public static LabelRequirement[] ParseAll(string? selector)
    {
        var requirements = new List<LabelRequirement>();
        var rest = (selector ?? "").AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            // Commas inside parentheses separate values, not terms.
            var comma = rest.IndexOf(',');
            var open = rest.IndexOf('(');
            if (open >= 0 && open < comma)
            {
                var close = rest.IndexOf(')');
                comma = close < 0 ? -1 : rest[close..].IndexOf(',') is var after and >= 0 ? close + after : -1;
            }

            requirements.Add(Parse((comma < 0 ? rest : rest[..comma]).Trim().ToString()));
            rest = comma < 0 ? default : rest[(comma + 1)..].Trim();
        }

        return [.. requirements];
    }

    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        var found = labels is not null && labels.TryGetValue(Label, out var value) && (Values is null || Values.Contains(value));
        return found != Negated;
    }

    private static LabelRequirement Parse(string term)
    {
        if (term.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries) is [var label, "in" or "notin", var set] words && set.StartsWith('('))
        {
            var values = set.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries);
            return new LabelRequirement(label, values, words[1] == "notin");
        }

        if (term.IndexOf("!=", StringComparison.Ordinal) is var unequal and > 0)
        {
            return new LabelRequirement(term[..unequal].Trim(), [term[(unequal + 2)..].Trim()], Negated: true);
        }

        if (term.IndexOf('=', StringComparison.Ordinal) is var equal and > 0)
        {
            return new LabelRequirement(term[..equal].Trim(), [term[(equal + 1)..].TrimStart('=').Trim()], Negated: false);
        }

        return term.StartsWith('!') ? new LabelRequirement(term[1..].Trim(), null, Negated: true) : new LabelRequirement(term, null, Negated: false);
    }
}
