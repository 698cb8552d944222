namespace Fairlead.Kubernetes.Resources.Core;

public sealed record GrpcAction : ExtensibleRecord
{
    public int? Port { get; init; }

    public string? Service { get; init; }
}
