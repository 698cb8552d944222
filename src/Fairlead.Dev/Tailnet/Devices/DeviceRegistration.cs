namespace Fairlead.Dev.Tailnet.Devices;

/// <summary>A device that wants to join.</summary>
public sealed record DeviceRegistration
{
    public required string Hostname { get; init; }

    /// <summary>Secret of an auth key, which then decides over tags; null joins without one.</summary>
    public string? AuthKey { get; init; }

    /// <summary>Tags of a device that joins without a key.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The stable node id to give it; null for a new one.</summary>
    public string? NodeId { get; init; }
}
