namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ResourceClaim : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Request { get; init; }
}
