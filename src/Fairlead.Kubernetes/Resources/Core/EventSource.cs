namespace Fairlead.Kubernetes.Resources.Core;

public sealed record EventSource : ExtensibleRecord
{
    public string? Component { get; init; }

    public string? Host { get; init; }
}
