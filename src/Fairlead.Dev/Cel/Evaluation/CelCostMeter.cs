using Fairlead.Dev.Cel.Syntax;

namespace Fairlead.Dev.Cel.Evaluation;

/// <summary>Counts what one evaluation costs and stops it at its limit; that stop no operator absorbs.</summary>
internal sealed class CelCostMeter(CelSource source, long limit)
{
    /// <summary>Making a list or a map costs more than a step, as in the reference cost model.</summary>
    public const int ListCreation = 10;

    public const int MapCreation = 30;

    /// <summary>How many characters or elements are looked at for one unit.</summary>
    private const int ElementsPerUnit = 10;

    public long Spent { get; private set; }

    /// <summary>How many characters or elements may be looked at before the limit is reached.</summary>
    public long AffordableElements => Math.Min(Math.Max(0, limit - Spent), long.MaxValue / ElementsPerUnit) * ElementsPerUnit;

    public void Charge(long cost, int position)
    {
        Spent += cost;
        if (Spent > limit)
            throw source.Error(position, CelErrorReason.BudgetExceeded, $"the expression cost more than {limit} units and was stopped");
    }

    public void ChargeTraversal(long elements, int position) => Charge((elements + ElementsPerUnit - 1) / ElementsPerUnit, position);
}
