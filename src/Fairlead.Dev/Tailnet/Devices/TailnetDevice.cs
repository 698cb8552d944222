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

    /// <summary>IPv4, then IPv6.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Login name of its owner; empty for a tagged device.</summary>
    public string User { get; init; } = "";

    public bool Authorized { get; init; } = true;

    public bool Ephemeral { get; init; }

    /// <summary>When its node key expires; null for never.</summary>
    public DateTimeOffset? KeyExpiry { get; init; }

    /// <summary>Has an administrator chosen its name, so that it no longer follows <see cref="Hostname"/>?</summary>
    public bool IsRenamed { get; init; }

    /// <summary>Id of the auth key it joined with; null if it joined without.</summary>
    public string? KeyId { get; init; }

    /// <summary>What its node told the coordination server; null for a device that a test put there.</summary>
    public DeviceNode? Node { get; init; }

    public bool IsTagged => Tags.Count > 0;

    public bool IsExpiredAt(DateTimeOffset time) => KeyExpiry <= time;
}
