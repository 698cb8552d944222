using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Fairlead.Operator.Proxies;

/// <summary>The comma-separated list of tags on a parent.</summary>
public static partial class ProxyTags
{
    /// <summary>The tags without the spaces around them.</summary>
    public static ImmutableArray<string> Parse(string list) => [.. list.Split(',').Select(tag => tag.Trim())];

    public static IEnumerable<string> Violations(string list) =>
        from tag in Parse(list)
        where !Tag().IsMatch(tag)
        select $"invalid tag \"{tag}\"; a tag is \"tag:\", a letter, then letters, digits and dashes";

    [GeneratedRegex(@"^tag:[A-Za-z][A-Za-z0-9-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
