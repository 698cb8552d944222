namespace Fairlead.Kubernetes.Resources.Apps;

public sealed record StatefulSetUpdateStrategy : ExtensibleRecord
{
    public string? Type { get; init; }

    public RollingUpdateStatefulSetStrategy? RollingUpdate { get; init; }
}
