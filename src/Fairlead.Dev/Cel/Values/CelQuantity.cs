using System.Globalization;
using System.Numerics;

namespace Fairlead.Dev.Cel.Values;

/// <summary>A Kubernetes resource quantity such as <c>1.5Gi</c>, exact to a billionth.</summary>
internal sealed class CelQuantity(BigInteger nanos) : CelOpaque
{
    private static readonly BigInteger Unit = BigInteger.Pow(10, 9);

    /// <summary>The largest decimal exponent read; an amount beyond it would only cost memory.</summary>
    private const int MaxExponent = 100;

    /// <summary>The longest text read, for the same reason.</summary>
    private const int MaxLength = 256;

    /// <summary>The amount in billionths.</summary>
    public BigInteger Nanos { get; } = nanos;

    public override CelKind Kind => CelKind.Quantity;

    public static CelQuantity FromInt(long value) => new(value * Unit);

    public static bool TryParse(string text, out CelQuantity? quantity)
    {
        quantity = null;
        if (text.Length is 0 or > MaxLength)
            return false;
        var negative = text[0] == '-';
        var at = text[0] is '-' or '+' ? 1 : 0;
        var whole = Digits(text, at);
        at += whole.Length;
        var fraction = "";
        if (at < text.Length && text[at] == '.')
        {
            fraction = Digits(text, at + 1);
            at += 1 + fraction.Length;
        }
        if (whole.Length + fraction.Length == 0 || !TryScale(text[at..], out var scale, out var exponent))
            return false;
        var numerator = BigInteger.Parse("0" + whole + fraction, CultureInfo.InvariantCulture) * scale * Unit;
        exponent -= fraction.Length;
        if (exponent >= 0)
        {
            numerator *= BigInteger.Pow(10, exponent);
        }
        else
        {
            // What is finer than a billionth is rounded away from zero, so that some of a resource never becomes none.
            var divisor = BigInteger.Pow(10, -exponent);
            numerator = (numerator + divisor - 1) / divisor;
        }
        quantity = new CelQuantity(negative ? -numerator : numerator);
        return true;
    }

    public bool TryInteger(out long value)
    {
        var (quotient, remainder) = (BigInteger.DivRem(Nanos, Unit, out var rest), rest);
        var fits = remainder.IsZero && quotient >= long.MinValue && quotient <= long.MaxValue;
        value = fits ? (long)quotient : 0;
        return fits;
    }

    public double Approximate() => double.Parse(ToString(), CultureInfo.InvariantCulture);

    public override bool EqualsOpaque(CelOpaque other) => other is CelQuantity quantity && quantity.Nanos == Nanos;

    public override string ToString()
    {
        var whole = BigInteger.DivRem(BigInteger.Abs(Nanos), Unit, out var rest);
        var text = rest.IsZero
            ? whole.ToString(CultureInfo.InvariantCulture)
            : $"{whole.ToString(CultureInfo.InvariantCulture)}.{rest.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}";
        return Nanos.Sign < 0 ? "-" + text : text;
    }

    private static string Digits(string text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return text[start..end];
    }

    private static bool TryScale(string suffix, out BigInteger scale, out int exponent)
    {
        scale = BigInteger.One;
        exponent = 0;
        if (suffix.Length == 2 && suffix[1] == 'i')
        {
            var power = "KMGTPE".IndexOf(suffix[0], StringComparison.Ordinal);
            scale = BigInteger.Pow(1024, power + 1);
            return power >= 0;
        }
        if (suffix.Length <= 1)
        {
            exponent = suffix switch { "n" => -9, "u" => -6, "m" => -3, "k" => 3, "M" => 6, "G" => 9, "T" => 12, "P" => 15, "E" => 18, _ => 0 };
            return suffix.Length == 0 || exponent != 0;
        }
        return suffix[0] is 'e' or 'E'
            && int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
            && Math.Abs(exponent) <= MaxExponent;
    }
}
