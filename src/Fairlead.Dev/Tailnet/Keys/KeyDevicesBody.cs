namespace Fairlead.Dev.Tailnet.Keys;

internal sealed record KeyDevicesBody
{
    public KeyCreation? Create { get; init; }
}
