namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record MatchCondition : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Expression { get; init; }
}
