namespace Fairlead.Kubernetes.Resources.Apps;

public sealed record RollingUpdateStatefulSetStrategy : ExtensibleRecord
{
    public int? Partition { get; init; }

    public IntOrString? MaxUnavailable { get; init; }
}
