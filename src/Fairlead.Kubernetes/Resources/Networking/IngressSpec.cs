namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressSpec : ExtensibleRecord
{
    public string? IngressClassName { get; init; }

    public IngressBackend? DefaultBackend { get; init; }

    public IReadOnlyList<IngressTls>? Tls { get; init; }

    public IReadOnlyList<IngressRule>? Rules { get; init; }
}
