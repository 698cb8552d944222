namespace Fairlead.Kubernetes.Resources.Discovery;

/// <summary>Some of the addresses behind a Service.</summary>
public sealed record EndpointSlice : KubernetesObject
{
    /// <summary><c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</summary>
    public string? AddressType { get; init; }

    public IReadOnlyList<Endpoint>? Endpoints { get; init; }

    public IReadOnlyList<EndpointPort>? Ports { get; init; }
}
