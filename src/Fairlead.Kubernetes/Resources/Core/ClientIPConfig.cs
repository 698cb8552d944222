namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ClientIPConfig : ExtensibleRecord
{
    public int? TimeoutSeconds { get; init; }
}
