using System.Buffers.Text;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fairlead.Dev.Tailnet.Access;

/// <summary>Compares an identity token with what a federated client trusts.</summary>
internal static class IdentityTokenVerifier
{
    public static bool Accepts(string jwt, FederatedTrust trust, string audience, DateTimeOffset now)
    {
        var parts = jwt.Split('.');
        if (parts.Length != 3) return false;
        try
        {
            if (trust.PublicKeyPem is { } pem && !IsSigned(parts, pem)) return false;
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return Matches(claims.RootElement, trust, audience, now);
        }
        // ArgumentException: the key is not of the algorithm that the token names.
        catch (Exception e) when (e is FormatException or JsonException or CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static bool Matches(JsonElement claims, FederatedTrust trust, string audience, DateTimeOffset now) =>
        claims.ValueKind == JsonValueKind.Object
        && TimeOf(claims, "exp") is { } end && now < end
        && (!claims.TryGetProperty("nbf", out _) || (TimeOf(claims, "nbf") is { } start && start <= now))
        && TextOf(claims, "iss") == trust.Issuer
        && HasAudience(claims, audience)
        && Fits(TextOf(claims, "sub"), trust.Subject)
        && trust.CustomClaims.All(rule => Fits(TextOf(claims, rule.Key), rule.Value));

    private static bool HasAudience(JsonElement claims, string audience) =>
        claims.TryGetProperty("aud", out var aud) && aud.ValueKind switch
        {
            JsonValueKind.String => aud.ValueEquals(audience),
            JsonValueKind.Array => aud.EnumerateArray().Any(a => a.ValueKind == JsonValueKind.String && a.ValueEquals(audience)),
            _ => false,
        };

    private static DateTimeOffset? TimeOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
        && seconds is > 0 and < 253402300800 // the year 10000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static string? TextOf(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Fits(string? text, string pattern)
    {
        if (text is null) return false;
        // "*" alone is special; the matcher's "?" and escapes must stay literal.
        var literal = pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);
        return FileSystemName.MatchesSimpleExpression(literal, text, ignoreCase: false);
    }

    private static bool IsSigned(string[] parts, string pem)
    {
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        var signature = Base64Url.DecodeFromChars(parts[2]);
        switch (TextOf(header.RootElement, "alg"))
        {
            case "RS256":
                using (var rsa = RSA.Create())
                {
                    rsa.ImportFromPem(pem);
                    return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }
            case "ES256":
                using (var ecdsa = ECDsa.Create())
                {
                    ecdsa.ImportFromPem(pem);
                    return ecdsa.VerifyData(signed, signature, HashAlgorithmName.SHA256);
                }
            default:
                return false;
        }
    }
}
