namespace Fairlead.Kubernetes.Reconciling;

/// <summary>How the steps of a plan went; the plan computes the parent's status from it.</summary>
/// <param name="Failure">The step that failed; null when all succeeded. Later steps did not run.</param>
public sealed record PlanOutcome(StepFailure? Failure)
{
    public static readonly PlanOutcome Success = new((StepFailure?)null);
}
