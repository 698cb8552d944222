using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Proxies;

/// <summary>A proxy's removal as far as it has come, for parents of every kind: the next steps, and what holds them up.</summary>
internal sealed record ProxyTeardown
{
    private ProxyTeardown()
    {
    }

    public required ImmutableArray<PlanStep> Steps { get; init; }

    /// <summary>Whether nothing is left after the steps. Until then the parent keeps its finalizer.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>What the removal waits for that nobody ends; null when there is nothing, or nothing yet.</summary>
    public required ProxyProgress? Obstacle { get; init; }

    public required TimeSpan? LookAgainAfter { get; init; }

    /// <param name="since">When the removal began.</param>
    /// <param name="tailnet">Name of the Tailnet object whose tailnet the devices are on; empty: the operator's own.</param>
    public static ProxyTeardown Of(ProxyChildren children, DateTimeOffset since, DateTimeOffset now, string tailnet = "")
    {
        var (steps, complete) = ProxyCleanup.Plan(children, tailnet);
        return new ProxyTeardown
        {
            Steps = steps,
            IsComplete = complete,
            Obstacle = RemovalObstacle.Of(children, since, now),
            LookAgainAfter = RemovalObstacle.LookAgainAfter(children, since, now),
        };
    }

    /// <summary>What there is to say after the steps; null where all goes its way.</summary>
    /// <param name="known">The condition that tells the proxy's progress; null without it.</param>
    public ProxyProgress? After(PlanOutcome outcome, Condition? known) =>
        outcome.Failure is { } failure ? ProxyRemoval.Of(failure).Settled(known, failure) : Obstacle;

    /// <summary>The obstacle, told once: the condition remembers it.</summary>
    /// <inheritdoc cref="After" path="/param"/>
    public ImmutableArray<PlannedEvent> Events(Condition? known) =>
        Obstacle is null || (known?.Reason == Obstacle.Reason && known.Message == Obstacle.Message)
            ? []
            : [PlannedEvent.Warning(Obstacle.Reason, Obstacle.Message)];
}
