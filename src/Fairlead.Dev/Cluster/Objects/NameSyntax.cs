using System.Text.RegularExpressions;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Syntax of names, labels and annotations (RFC 1123, RFC 1035 and the Kubernetes API conventions).</summary>
internal static partial class NameSyntax
{
    public const int MaxLabel = 63;
    public const int MaxSubdomain = 253;

    public static string? NameError(NameRule rule, string name) => rule switch
    {
        NameRule.DnsLabel => LabelError(name),
        NameRule.Rfc1035Label => Rfc1035Error(name),
        NameRule.PathSegment => PathSegmentError(name),
        _ => SubdomainError(name),
    };

    public static string? LabelError(string value) =>
        value.Length > MaxLabel ? $"must be no more than {MaxLabel} bytes"
        : LabelPattern().IsMatch(value) ? null
        : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an " +
          "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    public static string? SubdomainError(string value) =>
        value.Length > MaxSubdomain ? $"must be no more than {MaxSubdomain} bytes"
        : SubdomainPattern().IsMatch(value) ? null
        : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with " +
          "an alphanumeric character (e.g. 'example.com', regex used for validation is " +
          "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    public static string? LabelValueError(string value) =>
        value.Length > MaxLabel ? $"must be no more than {MaxLabel} bytes"
        : value.Length == 0 || NamePattern().IsMatch(value) ? null
        : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
          "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
          "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    /// <summary>Keys of labels and annotations and names of finalizers: a name with an optional DNS subdomain and a slash before it.</summary>
    public static string? QualifiedNameError(string value)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var name = value[(slash + 1)..];
        if (slash == 0)
            return "prefix part must be non-empty";
        if (slash > 0 && SubdomainError(value[..slash]) is { } prefixError)
            return "prefix part " + prefixError;
        if (name.Length == 0)
            return "name part must be non-empty";
        if (name.Length > MaxLabel)
            return $"name part must be no more than {MaxLabel} bytes";
        return NamePattern().IsMatch(name)
            ? null
            : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
              "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    }

    private static string? Rfc1035Error(string value) =>
        value.Length > MaxLabel ? $"must be no more than {MaxLabel} bytes"
        : Rfc1035Pattern().IsMatch(value) ? null
        : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with " +
          "an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private static string? PathSegmentError(string value) =>
        value is "." or ".." ? $"may not be '{value}'"
        : value.Contains('/') ? "may not contain '/'"
        : value.Contains('%') ? "may not contain '%'"
        : null;

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Rfc1035Pattern();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex NamePattern();
}
