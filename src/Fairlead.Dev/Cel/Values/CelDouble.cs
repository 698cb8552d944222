using System.Globalization;

namespace Fairlead.Dev.Cel.Values;

internal sealed class CelDouble(double value) : CelValue
{
    public double Value { get; } = value;

    public override CelKind Kind => CelKind.Double;

    public override string ToString() => Format(Value);

    /// <summary>
    /// The shortest digits that read back as the same number, in scientific form for exponents below -4 and from 6 on,
    /// as the reference implementation writes a double.
    /// </summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        // The exponent of the round-trip text varies with its magnitude, so it is normalised to one digit before the point.
        var sign = double.IsNegative(value) ? "-" : "";
        var parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal) is var at && at < 0 ? parts[0].Length : at;
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        if (digits.Length == 0)
            return sign + "0";
        var exponent = point - (all.Length - digits.Length) - 1;
        if (parts.Length > 1)
            exponent += int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        digits = digits.TrimEnd('0');
        return sign + (exponent is < -4 or >= 6 ? Scientific(digits, exponent) : Plain(digits, exponent));
    }

    private static string Scientific(string digits, int exponent)
    {
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        return digits.Length <= exponent + 1
            ? digits.PadRight(exponent + 1, '0')
            : digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }
}
