namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PodAntiAffinity : ExtensibleRecord
{
    public IReadOnlyList<PodAffinityTerm>? RequiredDuringSchedulingIgnoredDuringExecution { get; init; }

    public IReadOnlyList<WeightedPodAffinityTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; init; }
}
