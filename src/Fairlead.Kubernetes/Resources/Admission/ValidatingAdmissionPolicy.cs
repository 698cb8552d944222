namespace Fairlead.Kubernetes.Resources.Admission;

/// <summary>CEL rules that requests must satisfy.</summary>
public sealed record ValidatingAdmissionPolicy : KubernetesObject
{
    public ValidatingAdmissionPolicySpec? Spec { get; init; }
}
