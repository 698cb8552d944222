using System.Text.Json.Serialization;

namespace Fairlead.Proxy.GroupServices.Egress;

/// <summary>One port of an egress Service: where its traffic arrives at the Pod, and where it goes on the tailnet.</summary>
internal sealed record EgressPortEntry
{
    /// <summary><c>TCP</c> or <c>UDP</c>.</summary>
    [JsonPropertyName("protocol")]
    public string Protocol { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("matchPort")]
    public int MatchPort { get; init; }

    [JsonPropertyName("targetPort")]
    public int TargetPort { get; init; }
}
