namespace Fairlead.Dev.Cel.Values;

/// <summary>Comparison of numbers by what they denote, whatever their types.</summary>
internal static class CelNumbers
{
    /// <summary>Gives the sign of left minus right; null if either is NaN.</summary>
    public static int? Compare(CelValue left, CelValue right) => (left, right) switch
    {
        (CelInt a, CelInt b) => a.Value.CompareTo(b.Value),
        (CelDouble a, CelDouble b) => Doubles(a.Value, b.Value),
        (CelDouble a, _) => WithWhole(a.Value, Whole(right)),
        (_, CelDouble b) => -WithWhole(b.Value, Whole(left)),
        _ => Whole(left).CompareTo(Whole(right)),
    };

    public static int Hash(CelValue value) => value switch
    {
        CelInt i => i.Value.GetHashCode(),
        CelUint u => u.Value <= long.MaxValue ? ((long)u.Value).GetHashCode() : u.Value.GetHashCode(),
        CelDouble d when d.Value is >= -9.2e18 and <= 9.2e18 && Math.Truncate(d.Value) == d.Value => ((long)d.Value).GetHashCode(),
        CelDouble d when d.Value is > 0 and < 1.8446744073709552e19 && Math.Truncate(d.Value) == d.Value => ((ulong)d.Value).GetHashCode(),
        CelDouble d => d.Value.GetHashCode(),
        _ => 0,
    };

    private static Int128 Whole(CelValue value) => value is CelUint u ? u.Value : ((CelInt)value).Value;

    private static int? Doubles(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);

    private static int? WithWhole(double a, Int128 b)
    {
        if (double.IsNaN(a))
            return null;
        // Beyond 2^64 either way no int or uint is near; below it the whole part converts exactly.
        if (Math.Abs(a) >= 18446744073709551616.0)
            return a > 0 ? 1 : -1;
        var floor = Math.Floor(a);
        var order = ((Int128)floor).CompareTo(b);
        return order != 0 ? order : (a > floor ? 1 : 0);
    }
}
