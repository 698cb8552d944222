namespace Fairlead.Tailscale.Keys;

/// <summary>Body of a key's creation. Zero expiry and empty description are sent, as upstream's clients do.</summary>
internal sealed record CreateKeyBody(KeyCapabilities Capabilities, long ExpirySeconds, string Description)
{
    public static CreateKeyBody From(AuthKeyRequest request) => new(
        new KeyCapabilities
        {
            Devices = new DeviceCapabilities
            {
                Create = new DeviceCreation
                {
                    Reusable = request.Reusable,
                    Ephemeral = request.Ephemeral,
                    Preauthorized = request.Preauthorized,
                    Tags = request.Tags,
                },
            },
        },
        (long)request.Lifetime.TotalSeconds,
        request.Description);
}
