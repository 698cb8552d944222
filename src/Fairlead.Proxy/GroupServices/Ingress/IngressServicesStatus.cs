using System.Text.Json.Serialization;

namespace Fairlead.Proxy.GroupServices.Ingress;

/// <summary>What a Pod tells the operator: which Services' addresses it leads on. It counts only for the Pod with these addresses.</summary>
internal sealed record IngressServicesStatus
{
    [JsonPropertyName("configs")]
    public required SortedDictionary<string, IngressServiceEntry> Services { get; init; }

    [JsonPropertyName("podIPv4")]
    public required string PodIPv4 { get; init; }

    [JsonPropertyName("podIPv6")]
    public required string PodIPv6 { get; init; }
}
