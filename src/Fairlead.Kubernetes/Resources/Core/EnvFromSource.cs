namespace Fairlead.Kubernetes.Resources.Core;

public sealed record EnvFromSource : ExtensibleRecord
{
    public string? Prefix { get; init; }

    public ConfigMapEnvSource? ConfigMapRef { get; init; }

    public SecretEnvSource? SecretRef { get; init; }
}
