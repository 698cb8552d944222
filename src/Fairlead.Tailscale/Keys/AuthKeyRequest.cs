namespace Fairlead.Tailscale.Keys;

/// <summary>What a new auth key is for. The defaults are those of a proxy's key: single use, pre-authorised, lasting device.</summary>
public sealed record AuthKeyRequest
{
    /// <summary>Tags of the devices that join with the key, each with its <c>tag:</c>. Sent as they are.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>May more than one device join with it?</summary>
    public bool Reusable { get; init; }

    /// <summary>Are the devices removed soon after they went offline?</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Do the devices need no approval where the tailnet asks for it?</summary>
    public bool Preauthorized { get; init; } = true;

    /// <summary>How long a device may join with it, in whole seconds; zero takes the API's default (90 days).</summary>
    public TimeSpan Lifetime { get; init; }

    /// <summary>Shown in the admin console; the API takes 50 characters.</summary>
    public string Description { get; init; } = "";
}
