using System.Text.Json.Serialization;

namespace Fairlead.Tailscale.Keys;

/// <summary>A new key. This is the only time that the API gives its secret.</summary>
public sealed record AuthKey
{
    public required string Id { get; init; }

    /// <summary>What a device joins with (<c>tskey-auth-…</c>).</summary>
    [JsonPropertyName("key")]
    public required SecretText Secret { get; init; }

    [JsonConverter(typeof(LenientTimestampConverter))]
    public DateTimeOffset? Expires { get; init; }
}
