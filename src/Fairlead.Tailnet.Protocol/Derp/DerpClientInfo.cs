using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>What a client says of itself when it connects, sealed for the server.</summary>
public sealed record DerpClientInfo
{
    [JsonPropertyName("version")]
    public int Version { get; init; } = DerpProtocol.Version;

    /// <summary>Secret that relays of one mesh share; absent for nodes.</summary>
    [JsonPropertyName("meshKey")]
    public string? MeshKey { get; init; }

    /// <summary>Whether the client answers <see cref="DerpFrameType.Ping"/>.</summary>
    public bool CanAckPings { get; init; }

    public bool IsProber { get; init; }

    public string? AppName { get; init; }
}
