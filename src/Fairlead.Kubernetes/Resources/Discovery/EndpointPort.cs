namespace Fairlead.Kubernetes.Resources.Discovery;

public sealed record EndpointPort : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Protocol { get; init; }

    public int? Port { get; init; }

    public string? AppProtocol { get; init; }
}
