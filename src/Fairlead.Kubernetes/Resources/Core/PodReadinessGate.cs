namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PodReadinessGate : ExtensibleRecord
{
    public string? ConditionType { get; init; }
}
