namespace Fairlead.Dev.Tailnet.Keys;

internal sealed record KeyCapabilitiesBody
{
    public KeyDevicesBody? Devices { get; init; }

    public static KeyCapabilitiesBody Of(TailnetAuthKey key) => new()
    {
        Devices = new KeyDevicesBody
        {
            Create = new KeyCreation
            {
                Reusable = key.Reusable,
                Ephemeral = key.Ephemeral,
                Preauthorized = key.Preauthorized,
                Tags = key.Tags,
            },
        },
    };
}
