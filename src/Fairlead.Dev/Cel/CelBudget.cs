namespace Fairlead.Dev.Cel;

/// <summary>
/// The cost one object may spend on all its expressions together, and each expression alone. A unit is about one step:
/// a selection, a call, a loop turn, or ten characters or elements looked at. Not thread-safe; make one per object.
/// </summary>
public sealed class CelBudget(long total, long perExpression)
{
    /// <summary>Kubernetes' limit for one evaluation, about 0.1 s of its time (PerCallLimit).</summary>
    public const long KubernetesPerExpression = 1_000_000;

    /// <summary>Kubernetes' limit for all rules of one custom resource or policy binding (RuntimeCELCostBudget).</summary>
    public const long KubernetesPerObject = 10_000_000;

    /// <summary>Kubernetes' limit for the match conditions of one webhook or binding (RuntimeCELCostBudgetMatchConditions).</summary>
    public const long KubernetesMatchConditions = 2_500_000;

    /// <summary>The units not yet spent.</summary>
    public long Remaining { get; private set; } = total;

    /// <summary>A fresh budget for the validation rules of one object.</summary>
    public static CelBudget ForObject() => new(KubernetesPerObject, KubernetesPerExpression);

    /// <summary>A fresh budget for the match conditions seen by one object.</summary>
    public static CelBudget ForMatchConditions() => new(KubernetesMatchConditions, KubernetesPerExpression);

    internal long NextLimit => Math.Min(Remaining, perExpression);

    internal void Spend(long cost) => Remaining = Math.Max(0, Remaining - cost);
}
