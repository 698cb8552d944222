using System.Text.Json.Serialization;

namespace Fairlead.Proxy.GroupServices.Egress;

/// <summary>Where on the tailnet an egress Service leads: an address or a name, the other is empty.</summary>
internal sealed record EgressTargetEntry
{
    [JsonPropertyName("ip")]
    public string Ip { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("fqdn")]
    public string Fqdn { get; init => field = value ?? ""; } = "";
}
