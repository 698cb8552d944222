namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PodIP : ExtensibleRecord
{
    public string? Ip { get; init; }
}
