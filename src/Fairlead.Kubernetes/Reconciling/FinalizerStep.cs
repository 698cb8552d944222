namespace Fairlead.Kubernetes.Reconciling;

/// <summary>Adds or removes one finalizer of the parent; other finalizers stay.</summary>
public sealed record FinalizerStep(string Finalizer, bool Present) : PlanStep
{
    /// <summary>
    /// Travels with the parent's next write, which mostly is its status at the end, instead of one of its own: a write less for each
    /// parent. For plans that also find and remove the children of a parent that went without finalizer. A server that takes no
    /// metadata with a status, as for custom resources, gets the write of its own after all.
    /// </summary>
    public bool WithNextWrite { get; init; }

    public override string Description => $"{(Present ? "add" : "remove")} finalizer {Finalizer}";
}
