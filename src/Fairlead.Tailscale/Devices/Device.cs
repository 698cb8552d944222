using System.Text.Json.Serialization;

namespace Fairlead.Tailscale.Devices;

/// <summary>A device of the tailnet.</summary>
public sealed record Device
{
    /// <summary>The older, numeric id.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>The stable node id, which calls should use.</summary>
    public string NodeId { get; init => field = value ?? ""; } = "";

    /// <summary>Full DNS name, without a final dot.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The name the device gave itself.</summary>
    public string Hostname { get; init => field = value ?? ""; } = "";

    /// <summary>Tailnet addresses, IPv4 first.</summary>
    public IReadOnlyList<string> Addresses { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    public string? User { get; init; }

    public string? Os { get; init; }

    public string? ClientVersion { get; init; }

    public bool Authorized { get; init; }

    public bool IsEphemeral { get; init; }

    /// <summary>Shared in from another tailnet; such a device cannot be deleted here.</summary>
    public bool IsExternal { get; init; }

    public bool KeyExpiryDisabled { get; init; }

    /// <summary>Null if the API does not say.</summary>
    public bool? ConnectedToControl { get; init; }

    [JsonConverter(typeof(LenientTimestampConverter))]
    public DateTimeOffset? Created { get; init; }

    /// <summary>When its node key expires.</summary>
    [JsonConverter(typeof(LenientTimestampConverter))]
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Absent while the device is connected.</summary>
    [JsonConverter(typeof(LenientTimestampConverter))]
    public DateTimeOffset? LastSeen { get; init; }
}
