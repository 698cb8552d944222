namespace Fairlead.Dev.Tailnet.Devices;

/// <param name="AdvertisedRoutes">What the device would serve.</param>
/// <param name="EnabledRoutes">What it may serve.</param>
internal sealed record DeviceRoutesBody(IReadOnlyList<string> AdvertisedRoutes, IReadOnlyList<string> EnabledRoutes);
