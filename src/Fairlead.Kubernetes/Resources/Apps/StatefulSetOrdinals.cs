namespace Fairlead.Kubernetes.Resources.Apps;

public sealed record StatefulSetOrdinals : ExtensibleRecord
{
    public int? Start { get; init; }
}
