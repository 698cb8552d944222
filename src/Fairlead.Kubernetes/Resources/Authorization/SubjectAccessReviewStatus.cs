namespace Fairlead.Kubernetes.Resources.Authorization;

public sealed record SubjectAccessReviewStatus : ExtensibleRecord
{
    public bool? Allowed { get; init; }

    public bool? Denied { get; init; }

    public string? Reason { get; init; }

    public string? EvaluationError { get; init; }
}
