namespace Fairlead.Kubernetes.Resources.Core;

public sealed record Toleration : ExtensibleRecord
{
    public string? Key { get; init; }

    public string? Operator { get; init; }

    public string? Value { get; init; }

    public string? Effect { get; init; }

    public long? TolerationSeconds { get; init; }
}
