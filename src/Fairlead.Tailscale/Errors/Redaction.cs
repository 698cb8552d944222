using System.Text.RegularExpressions;

namespace Fairlead.Tailscale.Errors;

/// <summary>
/// Takes keys and tokens out of text of others before it reaches an exception: a server may echo what it was sent.
/// </summary>
public static partial class Redaction
{
    private const string Placeholder = "[hidden]";

    // Anything shorter is no secret worth the name, and taking it out would garble every text.
    private const int MinSecretLength = 8;

    /// <param name="text">What came from elsewhere.</param>
    /// <param name="secrets">Secrets that were sent there; keys and JWTs are found by their form as well.</param>
    public static string Apply(string text, IReadOnlyList<string> secrets)
    {
        foreach (var secret in secrets.Where(secret => secret.Length >= MinSecretLength))
        {
            text = text.Replace(secret, Placeholder, StringComparison.Ordinal);
        }
        return Jwt().Replace(Key().Replace(text, "$1-[hidden]"), Placeholder);
    }

    [GeneratedRegex(@"(tskey-[a-z]+)-[A-Za-z0-9_-]+")]
    private static partial Regex Key();

    // "eyJ" is the base64url start of a JSON object, which every JWT header and payload is.
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")]
    private static partial Regex Jwt();
}
