using System.Text.RegularExpressions;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The named formats of Kubernetes, with its limits on lengths.</summary>
internal static partial class NamedFormats
{
    /// <summary>RFC 1123 and RFC 1035 labels, and the name part of qualified names and label values.</summary>
    private const int LabelLength = 63;

    /// <summary>RFC 1123 host names.</summary>
    private const int SubdomainLength = 253;

    public static IReadOnlyList<CelFormat> All { get; } =
    [
        new("dns1123Label", text => Label(text)),
        new("dns1123LabelPrefix", text => Label(AsPrefix(text))),
        new("dns1123Subdomain", text => Subdomain(text)),
        new("dns1123SubdomainPrefix", text => Subdomain(AsPrefix(text))),
        new("dns1035Label", text => Dns1035(text)),
        new("dns1035LabelPrefix", text => Dns1035(AsPrefix(text))),
        new("qualifiedName", QualifiedName),
        new("labelValue", text => Check(text, LabelLength, LabelValuePattern(), "must be empty, or begin and end with a letter or digit with only letters, digits, '-', '_' and '.' between")),
        new("uri", text => CelUrl.TryParse(text, out _) ? [] : ["must be an absolute URI"]),
        new("uuid", text => UuidPattern().IsMatch(text) ? [] : ["must be a UUID"]),
        new("byte", text => text.Length % 4 == 0 && Convert.TryFromBase64String(text, new byte[text.Length], out _) ? [] : ["must be base64"]),
        new("date", text => CelTimestamp.TryParseDate(text, out _) ? [] : ["must be a date such as 2006-01-02"]),
        new("datetime", text => CelTimestamp.TryParse(text, out _) ? [] : ["must be an RFC 3339 time such as 2006-01-02T15:04:05Z"]),
    ];

    private static List<string> Label(string text) =>
        Check(text, LabelLength, LabelPattern(), "must begin and end with a lower-case letter or digit with only those and '-' between");

    private static List<string> Subdomain(string text) =>
        Check(text, SubdomainLength, SubdomainPattern(), "must be labels of lower-case letters, digits and '-' joined by '.', each beginning and ending with a letter or digit");

    private static List<string> Dns1035(string text) =>
        Check(text, LabelLength, Dns1035Pattern(), "must begin with a lower-case letter, end with one or a digit, with only those and '-' between");

    // A generated name goes on after its prefix, so the prefix may end where a name may not.
    private static string AsPrefix(string text) => text.Length > 1 && text.EndsWith('-') ? text[..^2] + "a" : text;

    private static List<string> QualifiedName(string text)
    {
        var slash = text.LastIndexOf('/');
        List<string> prefix = slash < 0 ? [] : slash == 0 ? ["the part before '/' must not be empty"] : Subdomain(text[..slash]);
        var name = text[(slash + 1)..];
        if (name.Length == 0)
            return [.. prefix, "the name must not be empty"];
        return [.. prefix, .. Check(name, LabelLength, LabelValuePattern(), "the name must begin and end with a letter or digit with only letters, digits, '-', '_' and '.' between")];
    }

    private static List<string> Check(string text, int maxLength, Regex pattern, string fault)
    {
        var faults = new List<string>();
        if (text.Length > maxLength)
            faults.Add($"must be no more than {maxLength} characters");
        if (!pattern.IsMatch(text))
            faults.Add(fault);
        return faults;
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1035Pattern();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValuePattern();

    [GeneratedRegex(@"^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex UuidPattern();
}
