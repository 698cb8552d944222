namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ServiceAccountTokenProjection : ExtensibleRecord
{
    public string? Audience { get; init; }

    public long? ExpirationSeconds { get; init; }

    public string? Path { get; init; }
}
