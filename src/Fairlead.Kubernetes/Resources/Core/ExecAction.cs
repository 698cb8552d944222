namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ExecAction : ExtensibleRecord
{
    public IReadOnlyList<string>? Command { get; init; }
}
