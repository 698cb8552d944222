using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The order behind <c>&lt;</c>, <c>min()</c> and <c>isSorted()</c>.</summary>
internal static class Ordering
{
    /// <summary>Gives the sign of left minus right; null if the values have no order, as a NaN or a list has none.</summary>
    public static int? Compare(CelValue left, CelValue right) => (left, right) switch
    {
        (CelInt or CelUint or CelDouble, CelInt or CelUint or CelDouble) => CelNumbers.Compare(left, right),
        (CelString a, CelString b) => CelString.Compare(a.Value, b.Value),
        (CelBool a, CelBool b) => a.Value.CompareTo(b.Value),
        (CelBytes a, CelBytes b) => a.Value.Span.SequenceCompareTo(b.Value.Span),
        (CelTimestamp a, CelTimestamp b) => a.Nanoseconds.CompareTo(b.Nanoseconds),
        (CelDuration a, CelDuration b) => a.Nanoseconds.CompareTo(b.Nanoseconds),
        _ => null,
    };

    public static bool IsOrdered(CelKind kind) => kind is CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.String
        or CelKind.Bool or CelKind.Bytes or CelKind.Timestamp or CelKind.Duration;
}
