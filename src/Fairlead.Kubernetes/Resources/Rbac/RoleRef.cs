namespace Fairlead.Kubernetes.Resources.Rbac;

public sealed record RoleRef : ExtensibleRecord
{
    public string? ApiGroup { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }
}
