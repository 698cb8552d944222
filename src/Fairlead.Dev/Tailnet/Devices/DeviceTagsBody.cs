namespace Fairlead.Dev.Tailnet.Devices;

internal sealed record DeviceTagsBody
{
    public required IReadOnlyList<string> Tags { get; init; }
}
