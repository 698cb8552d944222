namespace Fairlead.Kubernetes.Resources.Core;

public sealed record NodeAffinity : ExtensibleRecord
{
    public NodeSelector? RequiredDuringSchedulingIgnoredDuringExecution { get; init; }

    public IReadOnlyList<PreferredSchedulingTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; init; }
}
