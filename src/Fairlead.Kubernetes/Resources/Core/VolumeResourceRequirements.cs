namespace Fairlead.Kubernetes.Resources.Core;

public sealed record VolumeResourceRequirements : ExtensibleRecord
{
    public IReadOnlyDictionary<string, Quantity>? Limits { get; init; }

    public IReadOnlyDictionary<string, Quantity>? Requests { get; init; }
}
