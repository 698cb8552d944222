namespace Fairlead.Kubernetes.Reconciling;

/// <summary>A step that could not be carried out.</summary>
/// <param name="Error">Its message is fit for a condition: it names object and remedy and holds no secret.</param>
public sealed record StepFailure(PlanStep Step, Exception Error);
