using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>What a credential program prints.</summary>
internal sealed class ExecCredential
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ExecCredentialStatus? Status { get; init; }
}

internal sealed class ExecCredentialStatus
{
    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? ExpirationTimestamp { get; init; }

    public string? Token { get; init; }

    public string? ClientCertificateData { get; init; }

    public string? ClientKeyData { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExecCredential))]
internal sealed partial class ExecCredentialJsonContext : JsonSerializerContext;
