using System.Text.Json.Serialization;

namespace Fairlead.Tailscale.Authentication;

/// <summary>RFC 6749, 5.1, as far as it matters here.</summary>
internal sealed record TokenReply
{
    [JsonPropertyName("access_token")]
    public SecretText? AccessToken { get; init; }

    /// <summary>Lifetime in seconds.</summary>
    [JsonPropertyName("expires_in")]
    public long? ExpiresIn { get; init; }
}
