using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>The relays of a tailnet.</summary>
public sealed record DerpMap
{
    public DerpHomeParams? HomeParams { get; init; }

    /// <summary>By region ID. In a change null is as before; a null region is none.</summary>
    public IReadOnlyDictionary<int, DerpRegion?>? Regions { get; init; }

    /// <summary>Whether the provider's own regions are left out.</summary>
    [JsonPropertyName("omitDefaultRegions")]
    public bool OmitDefaultRegions { get; init; }
}
