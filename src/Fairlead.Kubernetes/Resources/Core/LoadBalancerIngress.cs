namespace Fairlead.Kubernetes.Resources.Core;

public sealed record LoadBalancerIngress : ExtensibleRecord
{
    public string? Ip { get; init; }

    public string? Hostname { get; init; }

    public string? IpMode { get; init; }

    public IReadOnlyList<LoadBalancerPortStatus>? Ports { get; init; }
}
