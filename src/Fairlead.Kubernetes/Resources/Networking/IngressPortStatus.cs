namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressPortStatus : ExtensibleRecord
{
    public int? Port { get; init; }

    public string? Protocol { get; init; }

    public string? Error { get; init; }
}
