using System.Buffers.Text;
using System.Text.Json;

namespace Fairlead.Tailscale.Authentication;

/// <summary>The little a holder can check of its own JWT: form and expiry. Whether it is trusted is the control plane's to say.</summary>
internal static class IdentityToken
{
    public static DateTimeOffset ExpiryOf(SecretText jwt, string subject, string remedy)
    {
        var parts = jwt.Reveal().Split('.');
        if (parts.Length != 3 || parts.Any(p => p.Length == 0))
        {
            throw Malformed(subject, $"has {parts.Count(p => p.Length > 0)} filled segments where a signed JWT has 3", remedy);
        }
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            if (claims.RootElement.ValueKind == JsonValueKind.Object
                && claims.RootElement.TryGetProperty("exp", out var exp)
                && exp.ValueKind == JsonValueKind.Number
                && exp.TryGetDouble(out var seconds)
                && seconds is > 0 and < 253402300800) // the year 10000
            {
                return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
            }
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw Malformed(subject, "has a second segment that is not base64url-encoded JSON", remedy);
        }
        throw Malformed(subject, "has no numeric \"exp\" claim", remedy);
    }

    private static TailscaleCredentialException Malformed(string subject, string what, string remedy) =>
        new(CredentialProblem.Malformed, $"{subject} {what}. {remedy}");
}
