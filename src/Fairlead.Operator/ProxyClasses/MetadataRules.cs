using System.Text;
using System.Text.RegularExpressions;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>What Kubernetes takes as labels and annotations.</summary>
public static partial class MetadataRules
{
    private const string NameRule =
        "1 to 63 letters, digits, dashes, underscores and dots, with a letter or digit at both ends, after an optional DNS name and a slash";

    /// <summary>Most that all annotations of an object may take, in bytes of keys and values; the API server's own limit.</summary>
    private const int MaxAnnotationBytes = 256 * 1024;

    public static IEnumerable<string> LabelViolations(IReadOnlyDictionary<string, string> labels, string path)
    {
        foreach (var (key, value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            if (!IsQualifiedName(key))
            {
                yield return $"{path}: invalid key \"{key}\"; a label's key is {NameRule}";
            }

            if (value.Length > 63 || !LabelValue().IsMatch(value))
            {
                yield return $"{path}: invalid value \"{value}\" of \"{key}\"; a label's value is empty or up to 63 letters, digits, dashes, "
                    + "underscores and dots, with a letter or digit at both ends";
            }
        }
    }

    public static IEnumerable<string> AnnotationViolations(IReadOnlyDictionary<string, string> annotations, string path)
    {
        foreach (var key in annotations.Keys.Order(StringComparer.Ordinal).Where(key => !IsQualifiedName(key.ToLowerInvariant())))
        {
            yield return $"{path}: invalid key \"{key}\"; an annotation's key is {NameRule}";
        }

        var size = annotations.Sum(pair => (long)Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value));
        if (size > MaxAnnotationBytes)
        {
            yield return $"{path}: {size} bytes in all; at most {MaxAnnotationBytes} are allowed";
        }
    }

    private static bool IsQualifiedName(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = key.AsSpan(slash + 1);
        return name.Length <= 63
            && QualifiedName().IsMatch(name)
            && (slash < 0 || (slash is > 0 and <= 253 && DnsSubdomain().IsMatch(key.AsSpan(0, slash))));
    }

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex DnsSubdomain();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValue();
}
