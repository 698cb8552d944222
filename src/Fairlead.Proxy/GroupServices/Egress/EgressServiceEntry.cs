using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fairlead.Proxy.GroupServices.Egress;

/// <summary>One egress Service as the operator writes it for all Pods of a ProxyGroup.</summary>
/// <remarks>Generated deserialisation gives null to what is absent; the setters make that the default.</remarks>
internal sealed record EgressServiceEntry
{
    /// <summary>URL of the cluster's Service that leads to some Pod's <c>/healthz</c>; empty for none.</summary>
    [JsonPropertyName("healthCheckEndpoint")]
    public string HealthCheckEndpoint { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("tailnetTarget")]
    public EgressTargetEntry Target { get; init => field = value ?? new(); } = new();

    [JsonPropertyName("ports")]
    public ImmutableArray<EgressPortEntry> Ports { get; init => field = value.IsDefault ? [] : value; } = [];
}
