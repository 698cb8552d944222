namespace Fairlead.Kubernetes.Resources.Authorization;

/// <summary>Asks whether the caller may do something.</summary>
public sealed record SelfSubjectAccessReview : KubernetesObject
{
    public SelfSubjectAccessReviewSpec? Spec { get; init; }

    public SubjectAccessReviewStatus? Status { get; init; }
}
