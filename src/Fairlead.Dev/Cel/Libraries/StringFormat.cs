using System.Globalization;
using System.Text;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary><c>"%s is %d".format([…])</c>: the verbs s, d, f, e, b, o, x, X and %, with a precision for f and e.</summary>
internal static class StringFormat
{
    private const int DefaultPrecision = 6;

    /// <summary>The most decimals .NET and this function will write; the reference has no use beyond a double's own digits.</summary>
    private const int MaxPrecision = 1000;

    public static CelValue Apply(string format, CelList arguments)
    {
        var text = new StringBuilder();
        var used = 0;
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }
            at++;
            var precision = DefaultPrecision;
            if (at < format.Length && format[at] == '.')
            {
                var digits = at + 1;
                for (at = digits; at < format.Length && char.IsAsciiDigit(format[at]);)
                    at++;
                if (!int.TryParse(format.AsSpan(digits, at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out precision) || precision > MaxPrecision)
                    return CelError.Invalid("could not parse formatting clause: the precision is no number up to 1000");
            }
            if (at >= format.Length)
                return CelError.Invalid("unexpected end of format string");
            if (format[at] == '%')
            {
                text.Append('%');
                continue;
            }
            if (used == arguments.Items.Count)
                return new CelError(CelErrorReason.IndexOutOfRange, $"format needs more than the {used} arguments given");
            var argument = arguments.Items[used++];
            if (Verb(format[at], precision, argument) is not { } rendered)
                return CelError.Invalid($"the formatting clause %{format[at]} does not take a value of type {CelKinds.Name(argument.Kind)}");
            text.Append(rendered);
        }
        return new CelString(text.ToString());
    }

    private static string? Verb(char verb, int precision, CelValue value) => (verb, value) switch
    {
        ('s', _) => value.ToString(),
        ('d', CelInt or CelUint) => value.ToString(),
        ('d', CelDouble real) => double.IsFinite(real.Value) ? real.ToString() : Special(real.Value),
        ('f', CelInt or CelUint or CelDouble) => Fixed(AsDouble(value), precision),
        ('e', CelInt or CelUint or CelDouble) => Scientific(AsDouble(value), precision),
        ('b', CelBool flag) => flag.Value ? "1" : "0",
        ('b', CelInt whole) => Radix(whole.Value, 2),
        ('b', CelUint whole) => Unsigned(whole.Value, 2),
        ('o', CelInt whole) => Radix(whole.Value, 8),
        ('o', CelUint whole) => Unsigned(whole.Value, 8),
        ('x', CelInt or CelUint or CelString or CelBytes) => Hex(value),
        ('X', CelInt or CelUint or CelString or CelBytes) => Hex(value).ToUpperInvariant(),
        _ => null,
    };

    private static double AsDouble(CelValue value) => value switch
    {
        CelInt whole => whole.Value,
        CelUint whole => whole.Value,
        _ => ((CelDouble)value).Value,
    };

    private static string Special(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private static string Fixed(double value, int precision) =>
        double.IsFinite(value) ? value.ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : Special(value);

    private static string Scientific(double value, int precision)
    {
        if (!double.IsFinite(value))
            return Special(value);
        var parts = value.ToString("e" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Split('e');
        var exponent = int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{parts[0]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static string Radix(long value, uint radix) =>
        value < 0 ? "-" + Unsigned(unchecked((ulong)-value), radix) : Unsigned((ulong)value, radix);

    private static string Unsigned(ulong value, uint radix)
    {
        var digits = new StringBuilder();
        do
        {
            digits.Insert(0, "0123456789abcdef"[(int)(value % radix)]);
            value /= radix;
        }
        while (value != 0);
        return digits.ToString();
    }

    private static string Hex(CelValue value) => value switch
    {
        CelInt whole => Radix(whole.Value, 16),
        CelUint whole => Unsigned(whole.Value, 16),
        CelString text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text.Value)),
        _ => Convert.ToHexStringLower(((CelBytes)value).Value.Span),
    };
}
