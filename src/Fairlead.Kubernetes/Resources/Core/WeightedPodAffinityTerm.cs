namespace Fairlead.Kubernetes.Resources.Core;

public sealed record WeightedPodAffinityTerm : ExtensibleRecord
{
    public int? Weight { get; init; }

    public PodAffinityTerm? PodAffinityTerm { get; init; }
}
