namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ResourceRequirements : ExtensibleRecord
{
    public IReadOnlyDictionary<string, Quantity>? Limits { get; init; }

    public IReadOnlyDictionary<string, Quantity>? Requests { get; init; }

    public IReadOnlyList<ResourceClaim>? Claims { get; init; }
}
