namespace Fairlead.Tailscale.Devices;

internal sealed record DeviceList
{
    public IReadOnlyList<Device> Devices { get; init => field = value ?? []; } = [];
}
