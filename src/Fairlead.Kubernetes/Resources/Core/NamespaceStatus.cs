namespace Fairlead.Kubernetes.Resources.Core;

public sealed record NamespaceStatus : ExtensibleRecord
{
    public string? Phase { get; init; }

    public IReadOnlyList<NamespaceCondition>? Conditions { get; init; }
}
