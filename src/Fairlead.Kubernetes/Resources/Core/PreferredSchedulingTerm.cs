namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PreferredSchedulingTerm : ExtensibleRecord
{
    public int? Weight { get; init; }

    public NodeSelectorTerm? Preference { get; init; }
}
