namespace Fairlead.Kubernetes.Resources.Core;

public sealed record LoadBalancerPortStatus : ExtensibleRecord
{
    public int? Port { get; init; }

    public string? Protocol { get; init; }

    public string? Error { get; init; }
}
