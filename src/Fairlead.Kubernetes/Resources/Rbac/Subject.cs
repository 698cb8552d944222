namespace Fairlead.Kubernetes.Resources.Rbac;

public sealed record Subject : ExtensibleRecord
{
    public string? Kind { get; init; }

    public string? ApiGroup { get; init; }

    public string? Name { get; init; }

    public string? Namespace { get; init; }
}
