namespace Fairlead.Kubernetes.Resources.Core;

public sealed record Affinity : ExtensibleRecord
{
    public NodeAffinity? NodeAffinity { get; init; }

    public PodAffinity? PodAffinity { get; init; }

    public PodAntiAffinity? PodAntiAffinity { get; init; }
}
