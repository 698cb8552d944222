namespace Fairlead.Kubernetes.Resources.Core;

public sealed record EnvVar : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Value { get; init; }

    public EnvVarSource? ValueFrom { get; init; }
}
