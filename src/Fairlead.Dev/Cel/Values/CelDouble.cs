using System.Globalization;

namespace Fairlead.Dev.Cel.Values;

internal sealed class CelDouble(double value) : CelValue
{
    public double Value { get; } = value;

    public override CelKind Kind => CelKind.Double;

    public override string ToString() => Format(Value);

    /// <summary>The shortest text that reads back as the same number, spelled as CEL spells it.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        // An exponent below -4 or from 21 on is written in scientific form.
        var magnitude = Math.Abs(value);
        if (value == 0 || (magnitude >= 1e-4 && magnitude < 1e21))
            return decimalText(value);
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        return shortest.Contains('E', StringComparison.Ordinal) ? shortest.Replace('E', 'e') : text;

        static string decimalText(double number)
        {
            var roundTrip = number.ToString("R", CultureInfo.InvariantCulture);
            return roundTrip.Contains('E', StringComparison.Ordinal)
                ? ((decimal)number is var whole && (double)whole == number ? whole.ToString("0.#############################", CultureInfo.InvariantCulture) : roundTrip)
                : roundTrip;
        }
    }
}
