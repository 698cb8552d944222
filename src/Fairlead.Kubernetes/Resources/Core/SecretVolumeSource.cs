namespace Fairlead.Kubernetes.Resources.Core;

public sealed record SecretVolumeSource : ExtensibleRecord
{
    public string? SecretName { get; init; }

    public IReadOnlyList<KeyToPath>? Items { get; init; }

    public int? DefaultMode { get; init; }

    public bool? Optional { get; init; }
}
