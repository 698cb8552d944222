namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record TypedLocalObjectReference : ExtensibleRecord
{
    public string? ApiGroup { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }
}
