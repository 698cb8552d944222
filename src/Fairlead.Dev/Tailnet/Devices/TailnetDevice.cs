namespace Fairlead.Dev.Tailnet.Devices;

/// <summary>A device, as it is at one moment.</summary>
public sealed record TailnetDevice
{
    /// <summary>The older, numeric id.</summary>
    public required string Id { get; init; }

    /// <summary>The stable node id.</summary>
    public required string NodeId { get; init; }

    /// <summary>Full DNS name without a final dot; unique.</summary>
    public required string Name { get; init; }

    /// <summary>The name it asked for; need not be unique.</summary>
    public required string Hostname { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required DateTimeOffset Created { get; init; }

    public bool Authorized { get; init; } = true;

    public bool Ephemeral { get; init; }

    /// <summary>Id of the auth key it joined with; null if a test put it there.</summary>
    public string? KeyId { get; init; }
}
