namespace Fairlead.Kubernetes.Resources.Core;

public sealed record SecretProjection : ExtensibleRecord
{
    public string? Name { get; init; }

    public IReadOnlyList<KeyToPath>? Items { get; init; }

    public bool? Optional { get; init; }
}
