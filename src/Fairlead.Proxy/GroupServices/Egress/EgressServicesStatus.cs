using System.Text.Json.Serialization;

namespace Fairlead.Proxy.GroupServices.Egress;

/// <summary>What a Pod tells the operator: which egress Services it carries out. It counts only for the Pod with these addresses.</summary>
internal sealed record EgressServicesStatus
{
    [JsonPropertyName("podIPv4")]
    public required string PodIPv4 { get; init; }

    /// <summary>Null for a Pod without.</summary>
    [JsonPropertyName("podIPv6")]
    public required string? PodIPv6 { get; init; }

    [JsonPropertyName("services")]
    public required SortedDictionary<string, EgressServiceStatus> Services { get; init; }
}
