namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record ParamKind : ExtensibleRecord
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }
}
