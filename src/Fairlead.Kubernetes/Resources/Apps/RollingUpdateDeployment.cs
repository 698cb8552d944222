namespace Fairlead.Kubernetes.Resources.Apps;

public sealed record RollingUpdateDeployment : ExtensibleRecord
{
    public IntOrString? MaxUnavailable { get; init; }

    public IntOrString? MaxSurge { get; init; }
}
