namespace Fairlead.Tailscale.Keys;

/// <summary>What a key may be used for; the API nests the one thing there is: <c>devices.create</c>.</summary>
public sealed record KeyCapabilities
{
    public DeviceCapabilities? Devices { get; init; }
}
