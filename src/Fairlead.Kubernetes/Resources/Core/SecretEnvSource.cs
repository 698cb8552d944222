namespace Fairlead.Kubernetes.Resources.Core;

public sealed record SecretEnvSource : ExtensibleRecord
{
    public string? Name { get; init; }

    public bool? Optional { get; init; }
}
