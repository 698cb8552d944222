namespace Fairlead.Kubernetes.Resources.Core;

public sealed record SessionAffinityConfig : ExtensibleRecord
{
    public ClientIPConfig? ClientIP { get; init; }
}
