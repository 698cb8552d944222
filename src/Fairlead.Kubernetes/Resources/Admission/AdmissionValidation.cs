namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record AdmissionValidation : ExtensibleRecord
{
    public string? Expression { get; init; }

    public string? Message { get; init; }

    public string? Reason { get; init; }

    public string? MessageExpression { get; init; }
}
