namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressClassParametersReference : ExtensibleRecord
{
    public string? ApiGroup { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Scope { get; init; }

    public string? Namespace { get; init; }
}
