namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressTls : ExtensibleRecord
{
    public IReadOnlyList<string>? Hosts { get; init; }

    public string? SecretName { get; init; }
}
