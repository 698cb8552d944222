using System.Text.Json.Serialization;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control;

/// <summary>What a server may say inside the encrypted channel before HTTP/2 begins.</summary>
public sealed record EarlyNoise
{
    [JsonPropertyName("nodeKeyChallenge")]
    public ChallengePublicKey NodeKeyChallenge { get; init; }
}
