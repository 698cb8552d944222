namespace Fairlead.Bench.Figures;

/// <summary>One measured figure; for all of them, less is better.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Unit of all values.</param>
/// <param name="Measured">Null: could not be measured here.</param>
/// <param name="Target">Highest acceptable value; null: none, or none for this size of run.</param>
/// <param name="Baseline">The other operator in the same run; null: there was none.</param>
/// <param name="Published">The upstream operator, measured before; null: not known for this size of run.</param>
internal sealed record Figure(string Name, string Unit, double? Measured, double? Target, double? Baseline = null, double? Published = null)
{
    /// <summary>Measured value over that of the baseline: the one of this run, else the published one.</summary>
    public double? Ratio => Measured is { } measured && (Baseline ?? Published) is { } other and > 0 ? measured / other : null;

    /// <summary>Null without a target or a value.</summary>
    public bool? MeetsTarget => Measured is { } measured && Target is { } target ? measured <= target : null;
}
