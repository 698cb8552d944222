using Fairlead.Kubernetes.Observability;

namespace Fairlead.Kubernetes.Controllers;

public sealed record ControllerManagerOptions
{
    /// <summary>Where metrics and health are served; null: nowhere.</summary>
    public ObservabilityOptions? Observability { get; init; }

    /// <summary>Names of meters to export besides the library's own.</summary>
    public IReadOnlyList<string> Meters { get; init; } = ["System.Runtime", "System.Net.Http"];

    /// <summary>
    /// Called when a term of leading has ended and no reconcile runs any more, also on a stop. Its token is cancelled after two
    /// seconds, as others may lead by then and as a stop must not take long.
    /// </summary>
    public Func<CancellationToken, Task> TermEnded { get; init; } = static _ => Task.CompletedTask;

    /// <summary>More reasons not to be alive.</summary>
    public IReadOnlyList<HealthCheck> Liveness { get; init; } = [];

    /// <summary>More reasons not to be ready.</summary>
    public IReadOnlyList<HealthCheck> Readiness { get; init; } = [];
}
