using System.Net;

namespace Fairlead.Kubernetes.Observability;

/// <summary>Where metrics and health are served.</summary>
public sealed record ObservabilityOptions
{
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; } = 8080;
}
