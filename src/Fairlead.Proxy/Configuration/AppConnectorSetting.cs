using System.Text.Json.Serialization;

namespace Fairlead.Proxy.Configuration;

/// <summary>Whether a device leads peers to the domains that the tailnet's policy names.</summary>
public sealed record AppConnectorSetting
{
    [JsonPropertyName("Advertise")]
    public bool? Advertise { get; init; }
}
