namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record AuditAnnotation : ExtensibleRecord
{
    public string? Key { get; init; }

    public string? ValueExpression { get; init; }
}
