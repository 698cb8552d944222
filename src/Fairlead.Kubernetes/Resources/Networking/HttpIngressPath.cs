namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record HttpIngressPath : ExtensibleRecord
{
    public string? Path { get; init; }

    public string? PathType { get; init; }

    public IngressBackend? Backend { get; init; }
}
