namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressServiceBackend : ExtensibleRecord
{
    public string? Name { get; init; }

    public ServiceBackendPort? Port { get; init; }
}
