using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// Everything one reconcile wants done, as data: made by a pure function from a snapshot, carried out by
/// <see cref="PlanApplier"/>. An empty plan means that all is well.
/// </summary>
public sealed record ReconcilePlan<TParent>
    where TParent : class, IKubernetesObject
{
    /// <summary>Effects in order. The first failure ends the run; the status is written all the same.</summary>
    public ImmutableArray<PlanStep> Steps { get; init; } = [];

    /// <summary>
    /// The parent with the status it is to have, given how the steps went; null when the status is not ours to write.
    /// Only the difference to the observed status is sent.
    /// </summary>
    public Func<PlanOutcome, TParent>? Status { get; init; }

    public ImmutableArray<PlannedEvent> Events { get; init; } = [];

    /// <summary>Events that depend on how the steps went; null: none.</summary>
    public Func<PlanOutcome, ImmutableArray<PlannedEvent>>? EventsAfter { get; init; }

    /// <summary>When to look again although nothing changes; null: when something changes.</summary>
    public TimeSpan? RequeueAfter { get; init; }
}
