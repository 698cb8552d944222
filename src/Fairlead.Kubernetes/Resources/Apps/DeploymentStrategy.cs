namespace Fairlead.Kubernetes.Resources.Apps;

public sealed record DeploymentStrategy : ExtensibleRecord
{
    public string? Type { get; init; }

    public RollingUpdateDeployment? RollingUpdate { get; init; }
}
