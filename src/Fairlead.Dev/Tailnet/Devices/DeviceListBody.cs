namespace Fairlead.Dev.Tailnet.Devices;

internal sealed record DeviceListBody(IReadOnlyList<DeviceBody> Devices);
