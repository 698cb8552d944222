namespace Fairlead.Kubernetes.Resources.Rbac;

/// <summary>Who has a role in the whole cluster.</summary>
public sealed record ClusterRoleBinding : KubernetesObject
{
    public IReadOnlyList<Subject>? Subjects { get; init; }

    public RoleRef? RoleRef { get; init; }
}
