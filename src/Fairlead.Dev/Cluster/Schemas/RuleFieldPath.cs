namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>The <c>fieldPath</c> of a rule: a JSONPath of member names only, <c>.spec.name</c> or <c>['a.b']</c>.</summary>
internal static class RuleFieldPath
{
    public static FieldPath Append(FieldPath path, string? fieldPath) =>
        fieldPath is not null && TryParse(fieldPath, out var names) ? names.Aggregate(path, (place, name) => place.Member(name)) : path;

    public static bool TryParse(string fieldPath, out List<string> names)
    {
        names = [];
        var at = 0;
        while (at < fieldPath.Length)
        {
            int end;
            if (fieldPath[at] == '.')
            {
                end = fieldPath.IndexOfAny(['.', '['], at + 1);
                end = end < 0 ? fieldPath.Length : end;
                names.Add(fieldPath[(at + 1)..end]);
            }
            else if (string.CompareOrdinal(fieldPath, at, "['", 0, 2) == 0
                && fieldPath.IndexOf("']", at, StringComparison.Ordinal) is >= 0 and var close)
            {
                names.Add(fieldPath[(at + 2)..close]);
                end = close + 2;
            }
            else
            {
                return false;
            }

            at = end;
        }

        return names.Count > 0 && names.All(name => name.Length > 0);
    }
}
