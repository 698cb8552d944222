namespace Fairlead.Kubernetes.Resources.Core;

public sealed record HostAlias : ExtensibleRecord
{
    public string? Ip { get; init; }

    public IReadOnlyList<string>? Hostnames { get; init; }
}
