using System.Text.RegularExpressions;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>The grammar of image references: <c>[registry[:port]/]repository[:tag][@digest]</c>.</summary>
public static partial class ImageReference
{
    /// <summary>Longest repository name, with registry, that registries and container runtimes take.</summary>
    private const int MaxNameLength = 255;

    /// <summary>Why a text is no image reference; null when it is one.</summary>
    public static string? Violation(string text)
    {
        if (BareIdentifier().IsMatch(text))
        {
            return "64 hexadecimal digits alone are the ID of an image, not a name; write the repository before it";
        }

        if (!Reference().IsMatch(text))
        {
            return LowerCaseWouldDo(text)
                ? "the repository must be in lower case"
                : "write registry/repository:tag or registry/repository@digest, the repository in lower case";
        }

        var match = Reference().Match(text);
        var name = match.Groups["domain"].Length + match.Groups["path"].Length + 1;
        return name > MaxNameLength ? $"registry and repository together have {name} characters; at most {MaxNameLength} are allowed"
            : match.Groups["digest"] is { Success: true } digest && !Digest().IsMatch(digest.ValueSpan)
                ? "the digest must be sha256: with 64, sha384: with 96 or sha512: with 128 lower-case hexadecimal digits"
                : null;
    }

    private static bool LowerCaseWouldDo(string text) => Reference().IsMatch(text.ToLowerInvariant());

    // The first part is a registry only if it has a dot, a port or an upper-case letter, or is localhost; else all is the
    // repository's path, on the default registry.
    [GeneratedRegex(
        @"^(?:(?<domain>(?:localhost|(?=[^/]*[.:A-Z])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[A-Fa-f0-9:]+\])(?::[0-9]+)?)/)?"
        + @"(?<path>[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)"
        + @"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
        + @"(?:@(?<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    [GeneratedRegex(@"^[a-f0-9]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex BareIdentifier();
}
