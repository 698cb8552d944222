namespace Fairlead.Dev.Tailnet.Devices;

internal sealed record DeviceNameBody
{
    public required string Name { get; init; }
}
