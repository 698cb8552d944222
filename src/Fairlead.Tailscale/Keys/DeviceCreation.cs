namespace Fairlead.Tailscale.Keys;

/// <summary>What a device that joins with a key is like.</summary>
public sealed record DeviceCreation
{
    public bool Reusable { get; init; }

    public bool Ephemeral { get; init; }

    public bool Preauthorized { get; init; }

    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];
}
