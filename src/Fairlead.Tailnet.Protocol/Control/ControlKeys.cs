using System.Text.Json.Serialization;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control;

/// <summary>Answer of <c>GET /key?v=</c>: who the coordination server is. A zero key means that the server does not speak that protocol.</summary>
public sealed record ControlKeys
{
    [JsonPropertyName("legacyPublicKey")]
    public MachinePublicKey LegacyPublicKey { get; init; }

    [JsonPropertyName("publicKey")]
    public MachinePublicKey PublicKey { get; init; }
}
