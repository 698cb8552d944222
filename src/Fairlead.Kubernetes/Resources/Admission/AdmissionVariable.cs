namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record AdmissionVariable : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Expression { get; init; }
}
