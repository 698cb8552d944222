namespace Fairlead.Dev.Tailnet.Keys;

/// <summary>An auth key, as it is at one moment.</summary>
public sealed record TailnetAuthKey
{
    public required string Id { get; init; }

    /// <summary>What a device joins with. The API gives it once; here it stays readable, for tests.</summary>
    public required string Secret { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required bool Reusable { get; init; }

    public required bool Ephemeral { get; init; }

    public required bool Preauthorized { get; init; }

    public required string Description { get; init; }

    /// <summary>Client whose token made it; empty if it was made without the API.</summary>
    public required string ClientId { get; init; }

    /// <summary>Login name of the user whose devices join with it; empty for the tailnet's owner. Nothing to tagged devices.</summary>
    public string User { get; init; } = "";

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>Node ids of the devices that joined with it, removed ones too.</summary>
    public IReadOnlyList<string> UsedBy { get; init; } = [];

    /// <summary>Can no device join with it any more, as it is expired or, being for single use, used?</summary>
    public bool IsInvalid(DateTimeOffset now) => now >= Expires || (!Reusable && UsedBy.Count > 0);

    public override string ToString() => $"auth key {Id} ({string.Join(", ", Tags)})";
}
