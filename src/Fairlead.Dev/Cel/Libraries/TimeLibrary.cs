using System.Globalization;
using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The parts of timestamps, in UTC or a named zone, and of durations.</summary>
internal static class TimeLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        Part(table, "getFullYear", t => t.Year);
        Part(table, "getMonth", t => t.Month - 1);
        Part(table, "getDate", t => t.Day);
        Part(table, "getDayOfMonth", t => t.Day - 1);
        Part(table, "getDayOfWeek", t => (int)t.DayOfWeek);
        Part(table, "getDayOfYear", t => t.DayOfYear - 1);
        Part(table, "getHours", t => t.Hour);
        Part(table, "getMinutes", t => t.Minute);
        Part(table, "getSeconds", t => t.Second);
        Part(table, "getMilliseconds", t => t.Millisecond);
        Whole(table, "getHours", 3600 * CelDuration.PerSecond);
        Whole(table, "getMinutes", 60 * CelDuration.PerSecond);
        Whole(table, "getSeconds", CelDuration.PerSecond);
        table.Member("getMilliseconds", [Duration], CelType.Int, a => new CelInt(a.As<CelDuration>(0).Nanoseconds / 1_000_000 % 1000));
    }

    private static void Part(CelFunctionTableBuilder table, string name, Func<DateTimeOffset, int> part)
    {
        table.Member(name, [Timestamp], CelType.Int, a => new CelInt(part(a.As<CelTimestamp>(0).At(TimeSpan.Zero))));
        table.Member(name, [Timestamp, CelKind.String], CelType.Int, a =>
            TryOffset(a.As<CelTimestamp>(0), a.Text(1), out var offset)
                ? new CelInt(part(a.As<CelTimestamp>(0).At(offset)))
                : CelError.Invalid($"unknown time zone '{a.Text(1)}'"));
    }

    private static void Whole(CelFunctionTableBuilder table, string name, long unit) =>
        table.Member(name, [Duration], CelType.Int, a => new CelInt(a.As<CelDuration>(0).Nanoseconds / unit));

    private static bool TryOffset(CelTimestamp instant, string zone, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (zone.Contains(':', StringComparison.Ordinal))
        {
            var negative = zone.StartsWith('-');
            return TimeSpan.TryParseExact(zone.TrimStart('-', '+'), @"hh\:mm", CultureInfo.InvariantCulture, negative ? TimeSpanStyles.AssumeNegative : TimeSpanStyles.None, out offset)
                && offset.Duration() <= TimeSpan.FromHours(14);
        }
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            return false;
        offset = found.GetUtcOffset(instant.At(TimeSpan.Zero));
        return true;
    }
}
