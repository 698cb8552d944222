namespace Fairlead.Tailscale.Keys;

/// <summary>What a key allows with devices.</summary>
public sealed record DeviceCapabilities
{
    public DeviceCreation? Create { get; init; }
}
