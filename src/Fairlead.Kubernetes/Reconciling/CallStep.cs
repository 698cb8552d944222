namespace Fairlead.Kubernetes.Reconciling;

/// <summary>Makes an external call; its result goes into <paramref name="Slot"/>, where later steps find it.</summary>
/// <param name="Slot">Null when nobody needs the result.</param>
public sealed record CallStep(ExternalCall Call, string? Slot = null) : PlanStep
{
    public override string Description => Call.Identity;
}
