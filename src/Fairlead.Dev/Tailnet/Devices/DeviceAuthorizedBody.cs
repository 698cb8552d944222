namespace Fairlead.Dev.Tailnet.Devices;

internal sealed record DeviceAuthorizedBody
{
    public required bool Authorized { get; init; }
}
