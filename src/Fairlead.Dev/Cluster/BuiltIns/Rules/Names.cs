using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Syntax of names; each function yields what is wrong, or null.</summary>
internal static partial class Names
{
    private const int LabelLength = 63;
    private const int SubdomainLength = 253;
    private const int PortNameLength = 15;

    public static string? DnsLabel(string text) => TooLong(text, LabelLength) ?? (DnsLabelPattern().IsMatch(text) ? null :
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric " +
        "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");

    public static string? Rfc1035Label(string text) => TooLong(text, LabelLength) ?? (Rfc1035Pattern().IsMatch(text) ? null :
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an " +
        "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");

    public static string? DnsSubdomain(string text) => TooLong(text, SubdomainLength) ?? (SubdomainPattern().IsMatch(text) ? null :
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'example.com', regex used for validation is " +
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");

    /// <summary>Like a subdomain, but the first label may be <c>*</c>.</summary>
    public static string? WildcardDnsSubdomain(string text) => TooLong(text, SubdomainLength) ?? (WildcardPattern().IsMatch(text) ? null :
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric " +
        "characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is " +
        "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");

    public static string? LabelValue(string text) => TooLong(text, LabelLength) ?? (LabelValuePattern().IsMatch(text) ? null :
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
        "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");

    /// <summary>Key of a label or annotation: a name, optionally after a DNS prefix and a slash.</summary>
    public static string? QualifiedName(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2)
        {
            return QualifiedFault + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }

        if (parts.Length == 2)
        {
            if (parts[0].Length == 0)
                return "prefix part must be non-empty";
            if (DnsSubdomain(parts[0]) is { } fault)
                return "prefix part " + fault;
        }

        var name = parts[^1];
        if (name.Length == 0)
            return "name part must be non-empty";
        if (name.Length > LabelLength)
            return $"name part must be no more than {LabelLength} bytes";
        return QualifiedPattern().IsMatch(name) ? null : "name part " + QualifiedFault;
    }

    /// <summary>Environment variables: any printable ASCII text without <c>=</c>.</summary>
    public static string? EnvironmentVariable(string text) => text.All(c => c is >= ' ' and <= '~' and not '=') ? null :
        "a valid environment variable name must consist only of printable ASCII characters other than '='";

    /// <summary>Names of container ports (IANA service names).</summary>
    public static string? PortName(string text)
    {
        if (text.Length > PortNameLength)
            return $"must be no more than {PortNameLength} characters";
        if (!PortNamePattern().IsMatch(text))
            return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        if (!text.Any(char.IsAsciiLetterLower))
            return "must contain at least one letter (a-z)";
        if (text.Contains("--", StringComparison.Ordinal))
            return "must not contain consecutive hyphens";
        return text[0] == '-' || text[^1] == '-' ? "must not begin or end with a hyphen" : null;
    }

    /// <summary>Keys of Secrets and ConfigMaps.</summary>
    public static string? DataKey(string text)
    {
        if (TooLong(text, SubdomainLength) is { } tooLong)
            return tooLong;
        if (!DataKeyPattern().IsMatch(text))
        {
            return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
                "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
        }

        return text == "." ? "must not be '.'" : text.StartsWith("..", StringComparison.Ordinal) ? "must not " + (text == ".." ? "be '..'" : "start with '..'") : null;
    }

    public static string? PortNumber(long port) => port is >= 1 and <= 65535 ? null : "must be between 1 and 65535, inclusive";

    private const string QualifiedFault =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or " +
        "'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private static string? TooLong(string text, int limit) => text.Length > limit ? $"must be no more than {limit} bytes" : null;

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex DnsLabelPattern();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Rfc1035Pattern();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"\A\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex WildcardPattern();

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValuePattern();

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex QualifiedPattern();

    [GeneratedRegex(@"\A[-a-z0-9]+\z")]
    private static partial Regex PortNamePattern();

    [GeneratedRegex(@"\A[-._a-zA-Z0-9]+\z")]
    private static partial Regex DataKeyPattern();
}
