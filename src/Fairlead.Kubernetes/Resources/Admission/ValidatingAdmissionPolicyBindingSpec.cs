namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record ValidatingAdmissionPolicyBindingSpec : ExtensibleRecord
{
    public string? PolicyName { get; init; }

    public ParamRef? ParamRef { get; init; }

    public MatchResources? MatchResources { get; init; }

    public IReadOnlyList<string>? ValidationActions { get; init; }
}
