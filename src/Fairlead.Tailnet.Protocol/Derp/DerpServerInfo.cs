using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>What a server answers to <see cref="DerpClientInfo"/>, sealed for the client.</summary>
public sealed record DerpServerInfo
{
    [JsonPropertyName("version")]
    public int Version { get; init; } = DerpProtocol.Version;

    /// <summary>Rate at which the server accepts bytes; 0 = no limit.</summary>
    public int TokenBucketBytesPerSecond { get; init; }

    public int TokenBucketBytesBurst { get; init; }
}
