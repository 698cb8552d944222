namespace Fairlead.Kubernetes.Resources.Core;

public sealed record NamespaceSpec : ExtensibleRecord
{
    public IReadOnlyList<string>? Finalizers { get; init; }
}
