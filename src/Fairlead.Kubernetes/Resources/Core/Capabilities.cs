namespace Fairlead.Kubernetes.Resources.Core;

public sealed record Capabilities : ExtensibleRecord
{
    public IReadOnlyList<string>? Add { get; init; }

    public IReadOnlyList<string>? Drop { get; init; }
}
