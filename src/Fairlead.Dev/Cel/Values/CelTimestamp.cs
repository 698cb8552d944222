using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cel.Values;

/// <summary>An instant in nanoseconds since the Unix epoch, between the years 1 and 9999.</summary>
internal sealed partial class CelTimestamp(Int128 nanoseconds) : CelValue
{
    private static readonly Int128 Minimum = (Int128)DateTimeOffset.MinValue.ToUnixTimeSeconds() * CelDuration.PerSecond;
    private static readonly Int128 Maximum = ((Int128)DateTimeOffset.MaxValue.ToUnixTimeSeconds() * CelDuration.PerSecond) + CelDuration.PerSecond - 1;

    public Int128 Nanoseconds { get; } = nanoseconds;

    public override CelKind Kind => CelKind.Timestamp;

    /// <summary>Whole seconds since the epoch, rounded down.</summary>
    public long Seconds => (long)((Nanoseconds - NanosecondOfSecond) / CelDuration.PerSecond);

    public int NanosecondOfSecond
    {
        get
        {
            var rest = (int)(Nanoseconds % CelDuration.PerSecond);
            return rest < 0 ? rest + (int)CelDuration.PerSecond : rest;
        }
    }

    public static bool InRange(Int128 nanoseconds) => nanoseconds >= Minimum && nanoseconds <= Maximum;

    /// <summary>The instant as a clock shows it in a zone, cut to 100 ns.</summary>
    public DateTimeOffset At(TimeSpan offset) =>
        DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(NanosecondOfSecond / 100).ToOffset(offset);

    public static bool TryParse(string text, out Int128 nanoseconds)
    {
        nanoseconds = 0;
        var match = Rfc3339().Match(text);
        if (!match.Success
            || !DateTimeOffset.TryParseExact(
                $"{match.Groups["date"].Value}T{match.Groups["time"].Value}{(match.Groups["zone"].Value is "Z" ? "+00:00" : match.Groups["zone"].Value)}",
                "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
            return false;
        nanoseconds = ((Int128)instant.ToUnixTimeSeconds() * CelDuration.PerSecond)
            + long.Parse(match.Groups["fraction"].Value.PadRight(9, '0')[..9], CultureInfo.InvariantCulture);
        return InRange(nanoseconds);
    }

    public static bool TryParseDate(string text, out Int128 nanoseconds) => TryParse(text + "T00:00:00Z", out nanoseconds);

    public override string ToString()
    {
        var text = DateTimeOffset.FromUnixTimeSeconds(Seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return NanosecondOfSecond == 0
            ? text + "Z"
            : $"{text}.{NanosecondOfSecond.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}Z";
    }

    [GeneratedRegex(@"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]{1,18}))?(?<zone>Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
