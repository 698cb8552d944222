using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Authentication;

public sealed record TokenRequestStatus : ExtensibleRecord
{
    public string? Token { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? ExpirationTimestamp { get; init; }

    /// <summary>Without the token.</summary>
    public override string ToString() => $"token until {ExpirationTimestamp:O}";
}
