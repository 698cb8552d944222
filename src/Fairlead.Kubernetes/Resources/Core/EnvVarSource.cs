namespace Fairlead.Kubernetes.Resources.Core;

public sealed record EnvVarSource : ExtensibleRecord
{
    public ObjectFieldSelector? FieldRef { get; init; }

    public ResourceFieldSelector? ResourceFieldRef { get; init; }

    public ConfigMapKeySelector? ConfigMapKeyRef { get; init; }

    public SecretKeySelector? SecretKeyRef { get; init; }
}
