using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Control.Registration;

/// <summary>An OAuth 2 token, e.g. of an identity provider. Its text never contains it.</summary>
public sealed record OAuth2Token
{
    [JsonPropertyName("access_token")]
    public string AccessToken { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("token_type")]
    public string TokenType { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("refresh_token")]
    public string RefreshToken { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("expiry")]
    public DateTimeOffset Expiry { get; init; }

    public override string ToString() => nameof(OAuth2Token);
}
