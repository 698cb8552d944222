using System.Text.Json.Serialization;

namespace Fairlead.Proxy.GroupServices.Ingress;

/// <summary>From which address of a Tailscale Service to which of the cluster's, of the same family.</summary>
internal sealed record IngressAddressEntry
{
    [JsonPropertyName("TailscaleServiceIP")]
    public string ServiceIp { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("ClusterIP")]
    public string ClusterIp { get; init => field = value ?? ""; } = "";
}
