using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Fairlead.Dev.Cluster.BuiltIns;

/// <summary>An amount of a resource, such as <c>100m</c>, <c>1.5Gi</c> or <c>1e3</c>, held exactly.</summary>
internal readonly record struct Quantity
{
    // The API keeps nano precision; smaller parts are rounded up.
    private static readonly BigInteger NanosPerUnit = BigInteger.Pow(10, 9);
    private static readonly BigInteger NanosPerMilli = BigInteger.Pow(10, 6);

    private static readonly string[] BinarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    private static readonly (string Suffix, int Exponent)[] DecimalSuffixes =
        [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];

    private readonly BigInteger _nanos;
    private readonly Notation _notation;

    private Quantity(BigInteger nanos, Notation notation)
    {
        _nanos = nanos;
        _notation = notation;
    }

    private enum Notation
    {
        Decimal,
        Binary,
        Exponent,
    }

    public bool IsNegative => _nanos.Sign < 0;

    public bool IsWhole => (_nanos % NanosPerUnit).IsZero;

    public static bool operator >(Quantity left, Quantity right) => left._nanos > right._nanos;

    public static bool operator <(Quantity left, Quantity right) => left._nanos < right._nanos;

    public static Quantity Of(long units) => new(units * NanosPerUnit, Notation.Decimal);

    public static bool TryParse([NotNullWhen(true)] string? text, out Quantity quantity)
    {
        quantity = default;
        if (string.IsNullOrEmpty(text))
            return false;

        var end = text[0] is '+' or '-' ? 1 : 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;

        var number = text.AsSpan(0, end);
        var point = number.IndexOf('.');
        var digits = string.Concat(number[..(point < 0 ? end : point)], point < 0 ? "" : number[(point + 1)..]);
        if (digits.Contains('.', StringComparison.Ordinal) || digits.TrimStart('+', '-').Length == 0 ||
            !BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var mantissa) ||
            !TryReadSuffix(text[end..], out var notation, out var exponent))
        {
            return false;
        }

        var decimals = point < 0 ? 0 : end - point - 1;
        quantity = new Quantity(Scale(mantissa, notation, exponent, decimals), notation);
        return true;
    }

    /// <summary>The API refuses precision below a thousandth in resource lists; it rounds up.</summary>
    public Quantity RoundUpToMilli() => new(DivideUp(_nanos, NanosPerMilli) * NanosPerMilli, _notation);

    /// <summary>Canonical form: no fraction, the greatest suffix that allows it.</summary>
    public override string ToString()
    {
        if (_nanos.IsZero)
            return "0";

        // Binary notation needs a whole number of at least 1024; everything else is written in decimal.
        if (_notation == Notation.Binary && IsWhole && BigInteger.Abs(_nanos / NanosPerUnit) >= 1024)
            return Binary(_nanos / NanosPerUnit);

        var (nanos, exponent) = (_nanos, -9);
        while (exponent < 18 && (nanos % 1000).IsZero)
            (nanos, exponent) = (nanos / 1000, exponent + 3);

        if (_notation == Notation.Exponent)
            return exponent == 0 ? nanos.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{nanos}e{exponent}");

        return nanos.ToString(CultureInfo.InvariantCulture) + DecimalSuffixes.First(s => s.Exponent == exponent).Suffix;
    }

    private static string Binary(BigInteger units)
    {
        var power = 0;
        while (power < BinarySuffixes.Length - 1 && (units % 1024).IsZero)
            (units, power) = (units / 1024, power + 1);
        return units.ToString(CultureInfo.InvariantCulture) + BinarySuffixes[power];
    }

    private static bool TryReadSuffix(string suffix, out Notation notation, out int exponent)
    {
        notation = Notation.Decimal;
        exponent = 0;
        var known = System.Array.FindIndex(DecimalSuffixes, s => s.Suffix == suffix);
        if (known >= 0)
        {
            exponent = DecimalSuffixes[known].Exponent;
            return true;
        }

        var binary = System.Array.IndexOf(BinarySuffixes, suffix);
        if (binary > 0)
        {
            (notation, exponent) = (Notation.Binary, binary * 10);
            return true;
        }

        notation = Notation.Exponent;
        return suffix[0] is 'e' or 'E' && int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) &&
            Math.Abs(exponent) <= 18;
    }

    private static BigInteger Scale(BigInteger mantissa, Notation notation, int exponent, int decimals)
    {
        var numerator = mantissa * NanosPerUnit;
        var denominator = BigInteger.Pow(10, decimals);
        if (notation == Notation.Binary)
            numerator *= BigInteger.Pow(2, exponent);
        else if (exponent >= 0)
            numerator *= BigInteger.Pow(10, exponent);
        else
            denominator *= BigInteger.Pow(10, -exponent);
        return DivideUp(numerator, denominator);
    }

    private static BigInteger DivideUp(BigInteger value, BigInteger by)
    {
        var quotient = BigInteger.DivRem(value, by, out var rest);
        return rest.IsZero ? quotient : quotient + rest.Sign;
    }
}
