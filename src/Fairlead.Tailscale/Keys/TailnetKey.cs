using System.Text.Json.Serialization;

namespace Fairlead.Tailscale.Keys;

/// <summary>
/// A key, OAuth client or federated client as the API tells of it: never with its secret. Lists may give no more than ids.
/// </summary>
public sealed record TailnetKey
{
    public required string Id { get; init; }

    /// <summary><c>auth</c>, <c>client</c>, <c>federated</c> or <c>api</c>; null if the API did not say.</summary>
    public string? KeyType { get; init; }

    public string? Description { get; init; }

    [JsonConverter(typeof(LenientTimestampConverter))]
    public DateTimeOffset? Created { get; init; }

    [JsonConverter(typeof(LenientTimestampConverter))]
    public DateTimeOffset? Expires { get; init; }

    [JsonConverter(typeof(LenientTimestampConverter))]
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>True once the key is revoked, expired or used up.</summary>
    public bool Invalid { get; init; }

    /// <summary>What devices joining with an auth key get.</summary>
    public KeyCapabilities? Capabilities { get; init; }

    /// <summary>Scopes of an OAuth or federated client.</summary>
    public IReadOnlyList<string> Scopes { get; init => field = value ?? []; } = [];

    /// <summary>Tags of an OAuth or federated client; an auth key's are in <see cref="Capabilities"/>.</summary>
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];
}
