namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record ServiceBackendPort : ExtensibleRecord
{
    public string? Name { get; init; }

    public int? Number { get; init; }
}
