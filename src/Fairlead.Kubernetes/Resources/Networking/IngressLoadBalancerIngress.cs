namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressLoadBalancerIngress : ExtensibleRecord
{
    public string? Ip { get; init; }

    public string? Hostname { get; init; }

    public IReadOnlyList<IngressPortStatus>? Ports { get; init; }
}
