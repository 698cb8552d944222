namespace Fairlead.Dev.Tailnet.Keys;

/// <summary>A key in answers.</summary>
internal sealed record KeyBody
{
    public required string Id { get; init; }

    public string KeyType { get; init; } = "auth";

    /// <summary>The secret; only in the answer to the key's creation.</summary>
    public string? Key { get; init; }

    public required string Description { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required long ExpirySeconds { get; init; }

    public required bool Invalid { get; init; }

    public required KeyCapabilitiesBody Capabilities { get; init; }

    public static KeyBody Of(TailnetAuthKey key, DateTimeOffset now) => new()
    {
        Id = key.Id,
        Description = key.Description,
        Created = key.Created,
        Expires = key.Expires,
        ExpirySeconds = (long)(key.Expires - key.Created).TotalSeconds,
        Invalid = key.IsInvalid(now),
        Capabilities = KeyCapabilitiesBody.Of(key),
    };
}
