namespace Fairlead.Kubernetes.Resources.Core;

public sealed record SleepAction : ExtensibleRecord
{
    public long? Seconds { get; init; }
}
