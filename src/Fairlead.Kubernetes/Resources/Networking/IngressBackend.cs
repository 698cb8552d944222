namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressBackend : ExtensibleRecord
{
    public IngressServiceBackend? Service { get; init; }

    public TypedLocalObjectReference? Resource { get; init; }
}
