using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fairlead.Tailscale.Tests.Fixtures;

/// <summary>Identity tokens as a cluster would issue them.</summary>
internal static class Jwt
{
    public const string Issuer = "https://issuer.example";
    public const string Subject = "system:serviceaccount:tailscale:operator";

    public static Dictionary<string, object> Claims(DateTimeOffset expires, string audience) => new()
    {
        ["iss"] = Issuer,
        ["sub"] = Subject,
        ["aud"] = new[] { audience },
        ["exp"] = expires.ToUnixTimeSeconds(),
    };

    public static string Of(object claims, ECDsa? key = null)
    {
        var signed = $"{Encode("""{"alg":"ES256","typ":"JWT"}"""u8)}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var signature = key?.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256) ?? "unsigned"u8.ToArray();
        return $"{signed}.{Encode(signature)}";
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
