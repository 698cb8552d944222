using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fairlead.Proxy.GroupServices.Egress;

/// <summary>One egress Service as this Pod carries it out.</summary>
internal sealed record EgressServiceStatus
{
    [JsonPropertyName("ports")]
    public required ImmutableArray<EgressPortEntry> Ports { get; init; }

    /// <summary>Empty while the target is not known to the tailnet.</summary>
    [JsonPropertyName("tailnetTargetIPs")]
    public required ImmutableArray<string> TargetIps { get; init; }

    [JsonPropertyName("tailnetTarget")]
    public required EgressTargetEntry Target { get; init; }
}
