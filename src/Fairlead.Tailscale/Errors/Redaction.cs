using System.Text.RegularExpressions;

namespace Fairlead.Tailscale.Errors;

/// <summary>Takes keys and tokens out of text of others, before it reaches an exception: a server may echo what it was sent.</summary>
internal static partial class Redaction
{
    public static string Apply(string text) => Jwt().Replace(Key().Replace(text, "$1-[hidden]"), "[hidden token]");

    [GeneratedRegex(@"(tskey-[a-z]+)-[A-Za-z0-9_-]+")]
    private static partial Regex Key();

    // "eyJ" is the base64url start of a JSON object, which every JWT header and payload is.
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")]
    private static partial Regex Jwt();
}
