namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// One effect of a plan. Steps run in order; each must be safe to repeat, because after a crash the next reconcile plans anew
/// from what it finds.
/// </summary>
public abstract record PlanStep
{
    private protected PlanStep()
    {
    }

    /// <summary>What the step does and to which object, for messages: <c>apply Secret shop/db-0</c>.</summary>
    public abstract string Description { get; }
}
