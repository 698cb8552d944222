using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>Arithmetic that fails where CEL fails: out of 64 bits, out of the years 1 to 9999, by zero.</summary>
internal static class Arithmetic
{
    public static readonly CelError DivisionByZero = new(CelErrorReason.DivideByZero, "division by zero");
    public static readonly CelError ModulusByZero = new(CelErrorReason.DivideByZero, "modulus by zero");

    /// <summary>Adds two values of one kind, as <c>+</c> and <c>sum()</c> do.</summary>
    public static CelValue Add(CelValue left, CelValue right) => (left, right) switch
    {
        (CelInt a, CelInt b) => Whole((Int128)a.Value + b.Value),
        (CelUint a, CelUint b) => Unsigned((Int128)a.Value + b.Value),
        (CelDouble a, CelDouble b) => CelValue.Of(a.Value + b.Value),
        (CelDuration a, CelDuration b) => Span((Int128)a.Nanoseconds + b.Nanoseconds),
        _ => new CelError(CelErrorReason.NoSuchOverload, $"no such overload: {CelKinds.Name(left.Kind)} + {CelKinds.Name(right.Kind)}"),
    };

    public static CelValue Whole(Int128 value) =>
        value >= long.MinValue && value <= long.MaxValue ? new CelInt((long)value) : CelError.Overflow("integer");

    public static CelValue Unsigned(Int128 value) =>
        value >= 0 && value <= ulong.MaxValue ? new CelUint((ulong)value) : CelError.Overflow("unsigned integer");

    public static CelValue Product(ulong left, ulong right) =>
        (UInt128)left * right is var product && product <= ulong.MaxValue ? new CelUint((ulong)product) : CelError.Overflow("unsigned integer");

    // The processor faults on this one remainder, and the reference implementation calls it an overflow.
    public static CelValue Remainder(long left, long right) =>
        left == long.MinValue && right == -1 ? CelError.Overflow("integer") : new CelInt(left % right);

    public static CelValue Span(Int128 nanoseconds) =>
        nanoseconds >= long.MinValue && nanoseconds <= long.MaxValue ? new CelDuration((long)nanoseconds) : CelError.Overflow("duration");

    public static CelValue Instant(Int128 nanoseconds) =>
        CelTimestamp.InRange(nanoseconds) ? new CelTimestamp(nanoseconds) : CelError.Overflow("timestamp");
}
