using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fairlead.Proxy.Serving;

/// <summary>What answers requests under one path: exactly one of its fields is set.</summary>
internal sealed record WebHandler
{
    /// <summary>File or folder of this machine.</summary>
    [JsonPropertyName("Path")]
    public string Path { get; init => field = value ?? ""; } = "";

    /// <summary>URL of a server, <c>host:port</c>, port of this machine or <c>unix:/path</c>.</summary>
    [JsonPropertyName("Proxy")]
    public string Proxy { get; init => field = value ?? ""; } = "";

    [JsonPropertyName("Text")]
    public string Text { get; init => field = value ?? ""; } = "";

    /// <summary><c>[code:]url</c>, with <c>${HOST}</c> and <c>${REQUEST_URI}</c>.</summary>
    [JsonPropertyName("Redirect")]
    public string Redirect { get; init => field = value ?? ""; } = "";

    /// <summary>Capabilities of the peer that the server is told of.</summary>
    [JsonPropertyName("AcceptAppCaps")]
    public ImmutableArray<string> AcceptAppCaps { get; init => field = value.IsDefault ? [] : value; } = [];
}
