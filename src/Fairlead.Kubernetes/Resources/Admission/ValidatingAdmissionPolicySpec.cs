namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record ValidatingAdmissionPolicySpec : ExtensibleRecord
{
    public ParamKind? ParamKind { get; init; }

    public MatchResources? MatchConstraints { get; init; }

    public IReadOnlyList<AdmissionValidation>? Validations { get; init; }

    public string? FailurePolicy { get; init; }

    public IReadOnlyList<AuditAnnotation>? AuditAnnotations { get; init; }

    public IReadOnlyList<MatchCondition>? MatchConditions { get; init; }

    public IReadOnlyList<AdmissionVariable>? Variables { get; init; }
}
