namespace Fairlead.Kubernetes.Resources.Authorization;

public sealed record SelfSubjectAccessReviewSpec : ExtensibleRecord
{
    public ResourceAttributes? ResourceAttributes { get; init; }

    public NonResourceAttributes? NonResourceAttributes { get; init; }
}
