using System.Text.Json.Serialization;

namespace Fairlead.Dev.Tailnet.Access;

internal sealed record TokenBody(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    string Scope);
