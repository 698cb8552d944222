using Fairlead.Kubernetes.Queueing;

namespace Fairlead.Kubernetes.Controllers;

public sealed record ControllerOptions
{
    public static ControllerOptions Default { get; } = new();

    /// <summary>Keys worked on at the same time; never the same key twice.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Longest a single reconcile may take before its token is cancelled and the key backs off.</summary>
    public TimeSpan ReconcileTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a graceful stop lets reconciles under way run before their token is cancelled. Writing the last Events and releasing
    /// the lease come after it; with the defaults of all three a stop takes less than ten seconds whatever the API server does.
    /// </summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public WorkQueueOptions Queue { get; init; } = WorkQueueOptions.Default;
}
