namespace Fairlead.Kubernetes.Resources.Authentication;

/// <summary>Asks for a token of a ServiceAccount.</summary>
public sealed record TokenRequest : KubernetesObject
{
    public TokenRequestSpec? Spec { get; init; }

    public TokenRequestStatus? Status { get; init; }
}
