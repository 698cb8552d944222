using Fairlead.Kubernetes.Observability;

namespace Fairlead.Kubernetes.Controllers;

public sealed record ControllerManagerOptions
{
    /// <summary>Where metrics and health are served; null: nowhere.</summary>
    public ObservabilityOptions? Observability { get; init; }

    /// <summary>Names of meters to export besides the library's own.</summary>
    public IReadOnlyList<string> Meters { get; init; } = ["System.Runtime", "System.Net.Http"];

    /// <summary>More reasons not to be alive.</summary>
    public IReadOnlyList<HealthCheck> Liveness { get; init; } = [];

    /// <summary>More reasons not to be ready.</summary>
    public IReadOnlyList<HealthCheck> Readiness { get; init; } = [];
}
