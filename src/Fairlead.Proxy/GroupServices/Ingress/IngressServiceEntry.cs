using System.Text.Json.Serialization;

namespace Fairlead.Proxy.GroupServices.Ingress;

/// <summary>One Service of the cluster that a ProxyGroup brings onto the tailnet; a family is there if both sides have it.</summary>
internal sealed record IngressServiceEntry
{
    [JsonPropertyName("IPv4Mapping")]
    public IngressAddressEntry? IPv4 { get; init; }

    [JsonPropertyName("IPv6Mapping")]
    public IngressAddressEntry? IPv6 { get; init; }
}
