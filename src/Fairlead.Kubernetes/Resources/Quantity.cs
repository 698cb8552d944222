using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources;

/// <summary>
/// An amount such as <c>250m</c>, <c>1Gi</c> or <c>2e3</c>. The text is kept as written; equality and order go by the amount.
/// </summary>
[JsonConverter(typeof(QuantityConverter))]
public readonly struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    private readonly string? _text;

    private Quantity(string text, decimal value)
    {
        _text = text;
        Value = value;
    }

    /// <summary>The amount in units. Amounts beyond what <see cref="decimal"/> holds are not quantities.</summary>
    public decimal Value { get; }

    public static Quantity Parse(string text) =>
        TryParse(text, out var quantity)
            ? quantity
            : throw new FormatException($"'{text}' is not a quantity; write a number with an optional suffix such as m, k, M, Ki, Mi or Gi.");

    public static bool TryParse(string? text, out Quantity quantity)
    {
        quantity = default;
        if (string.IsNullOrEmpty(text))
            return false;

        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.' || (end == 0 && text[end] is '+' or '-')))
            end++;

        const NumberStyles Number = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(text.AsSpan(0, end), Number, CultureInfo.InvariantCulture, out var number))
            return false;

        try
        {
            if (Multiplier(text.AsSpan(end)) is not { } multiplier)
                return false;

            quantity = new Quantity(text, number * multiplier);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static decimal? Multiplier(ReadOnlySpan<char> suffix) => suffix switch
    {
        "" => 1m,
        "n" => 1e-9m,
        "u" => 1e-6m,
        "m" => 1e-3m,
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "E" => 1e18m,
        "Ki" => 1024m,
        "Mi" => 1048576m,
        "Gi" => 1073741824m,
        "Ti" => 1099511627776m,
        "Pi" => 1125899906842624m,
        "Ei" => 1152921504606846976m,
        ['e' or 'E', .. var exponent] when int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power)
            => PowerOfTen(power),
        _ => null,
    };

    private static decimal PowerOfTen(int power)
    {
        // decimal holds 28 digits on either side of the point.
        if (power is > 28 or < -28)
            throw new OverflowException();

        var result = 1m;
        for (var i = 0; i < Math.Abs(power); i++)
            result = power > 0 ? result * 10m : result / 10m;

        return result;
    }

    public bool Equals(Quantity other) => Value == other.Value;

    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    public override int GetHashCode() => Value.GetHashCode();

    public int CompareTo(Quantity other) => Value.CompareTo(other.Value);

    public static bool operator ==(Quantity left, Quantity right) => left.Equals(right);

    public static bool operator !=(Quantity left, Quantity right) => !left.Equals(right);

    public static bool operator <(Quantity left, Quantity right) => left.Value < right.Value;

    public static bool operator >(Quantity left, Quantity right) => left.Value > right.Value;

    public static bool operator <=(Quantity left, Quantity right) => left.Value <= right.Value;

    public static bool operator >=(Quantity left, Quantity right) => left.Value >= right.Value;

    /// <summary>The text as it was written.</summary>
    public override string ToString() => _text ?? "0";
}
