namespace Fairlead.Kubernetes.Resources.Discovery;

public sealed record EndpointConditions : ExtensibleRecord
{
    public bool? Ready { get; init; }

    public bool? Serving { get; init; }

    public bool? Terminating { get; init; }
}
