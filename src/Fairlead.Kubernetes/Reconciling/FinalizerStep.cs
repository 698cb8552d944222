namespace Fairlead.Kubernetes.Reconciling;

/// <summary>Adds or removes one finalizer of the parent; other finalizers stay.</summary>
public sealed record FinalizerStep(string Finalizer, bool Present) : PlanStep
{
    public override string Description => $"{(Present ? "add" : "remove")} finalizer {Finalizer}";
}
