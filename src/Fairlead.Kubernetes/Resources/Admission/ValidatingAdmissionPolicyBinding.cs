namespace Fairlead.Kubernetes.Resources.Admission;

/// <summary>Puts a <see cref="ValidatingAdmissionPolicy"/> into force.</summary>
public sealed record ValidatingAdmissionPolicyBinding : KubernetesObject
{
    public ValidatingAdmissionPolicyBindingSpec? Spec { get; init; }
}
