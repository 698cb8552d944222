using System.Text.Json.Serialization;

namespace Fairlead.Proxy.Configuration;

/// <summary>What a tailscaled does about newer versions of itself.</summary>
public sealed record AutoUpdateSetting
{
    /// <summary>Whether it looks for them.</summary>
    [JsonPropertyName("Check")]
    public bool? Check { get; init; }

    /// <summary>Whether it installs them.</summary>
    [JsonPropertyName("Apply")]
    public bool? Apply { get; init; }
}
