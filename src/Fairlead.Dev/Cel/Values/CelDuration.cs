using System.Buffers;
using System.Globalization;
using System.Text;

namespace Fairlead.Dev.Cel.Values;

/// <summary>A span in nanoseconds; 64 bits of them reach about 292 years each way.</summary>
internal sealed class CelDuration(long nanoseconds) : CelValue
{
    public const long PerSecond = 1_000_000_000;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    public long Nanoseconds { get; } = nanoseconds;

    public override CelKind Kind => CelKind.Duration;

    /// <summary>Seconds with as many decimals as needed, as JSON spells a duration: <c>90.5s</c>.</summary>
    public override string ToString()
    {
        var whole = Nanoseconds / PerSecond;
        var rest = Math.Abs(Nanoseconds % PerSecond);
        var text = new StringBuilder();
        if (Nanoseconds < 0 && whole == 0)
            text.Append('-');
        text.Append(CultureInfo.InvariantCulture, $"{whole}");
        if (rest != 0)
            text.Append('.').Append(rest.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0'));
        return text.Append('s').ToString();
    }

    /// <summary>Reads signed decimal numbers with units, such as <c>-1h30m0.5s</c> (units h, m, s, ms, us, µs, ns).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        var negative = text.StartsWith("-");
        if (negative || text.StartsWith("+"))
            text = text[1..];
        if (text is "0")
            return true;
        if (text.IsEmpty)
            return false;
        Int128 total = 0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || digits > 40 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            text = text[digits..];
            var unitEnd = text.IndexOfAny(NumberCharacters);
            var unit = Unit(unitEnd < 0 ? text : text[..unitEnd]);
            if (unit == 0 || number > long.MaxValue / unit)
                return false;
            total += (Int128)decimal.Truncate(number * unit);
            text = unitEnd < 0 ? [] : text[unitEnd..];
        }
        total = negative ? -total : total;
        if (total < long.MinValue || total > long.MaxValue)
            return false;
        nanoseconds = (long)total;
        return true;
    }

    private static long Unit(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => 3600 * PerSecond,
        "m" => 60 * PerSecond,
        "s" => PerSecond,
        "ms" => 1_000_000,
        "us" or "µs" or "μs" => 1_000,
        "ns" => 1,
        _ => 0,
    };
}
