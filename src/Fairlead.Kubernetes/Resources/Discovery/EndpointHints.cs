namespace Fairlead.Kubernetes.Resources.Discovery;

public sealed record EndpointHints : ExtensibleRecord
{
    public IReadOnlyList<ForZone>? ForZones { get; init; }

    public IReadOnlyList<ForNode>? ForNodes { get; init; }
}
