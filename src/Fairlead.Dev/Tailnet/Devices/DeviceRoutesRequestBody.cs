namespace Fairlead.Dev.Tailnet.Devices;

internal sealed record DeviceRoutesRequestBody
{
    public required IReadOnlyList<string> Routes { get; init; }
}
