using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Control.Tokens;

/// <summary>A signed statement of who the node is. Its text never contains it.</summary>
public sealed record TokenResponse
{
    [JsonPropertyName("id_token")]
    public string IDToken { get; init => field = value ?? ""; } = "";

    public override string ToString() => nameof(TokenResponse);
}
