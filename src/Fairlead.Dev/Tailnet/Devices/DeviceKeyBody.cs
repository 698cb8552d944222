namespace Fairlead.Dev.Tailnet.Devices;

internal sealed record DeviceKeyBody
{
    public required bool KeyExpiryDisabled { get; init; }
}
