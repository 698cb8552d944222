namespace Fairlead.Kubernetes.Resources.Core;

public sealed record HostIP : ExtensibleRecord
{
    public string? Ip { get; init; }
}
