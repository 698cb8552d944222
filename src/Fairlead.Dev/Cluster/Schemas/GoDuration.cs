using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Durations as Go writes them (<c>1h2m3.5s</c>) or as a number with a unit in words (<c>22 ns</c>, <c>3 days</c>).</summary>
internal static partial class GoDuration
{
    public static bool IsValid(string text) => Compact().IsMatch(text) || Worded().IsMatch(text);

    [GeneratedRegex(@"^[+-]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)\z")]
    private static partial Regex Compact();

    [GeneratedRegex(
        @"^-?[0-9]+(\.[0-9]+)?\s*(ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\z")]
    private static partial Regex Worded();
}
