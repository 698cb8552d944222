namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PersistentVolumeClaimStatus : ExtensibleRecord
{
    public string? Phase { get; init; }

    public IReadOnlyList<string>? AccessModes { get; init; }

    public IReadOnlyDictionary<string, Quantity>? Capacity { get; init; }
}
