namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressClassSpec : ExtensibleRecord
{
    public string? Controller { get; init; }

    public IngressClassParametersReference? Parameters { get; init; }
}
