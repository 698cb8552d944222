namespace Fairlead.Kubernetes.Resources.Rbac;

/// <summary>Who has a role within a namespace.</summary>
public sealed record RoleBinding : KubernetesObject
{
    public IReadOnlyList<Subject>? Subjects { get; init; }

    public RoleRef? RoleRef { get; init; }
}
