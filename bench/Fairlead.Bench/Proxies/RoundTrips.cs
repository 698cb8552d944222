using System.Diagnostics;

namespace Fairlead.Bench.Proxies;

/// <summary>Something asked for and answered, over and over.</summary>
/// <param name="PerSecond">By all who asked together.</param>
internal sealed record RoundTrips(int Count, double PerSecond, TimeSpan Median, TimeSpan P99)
{
    /// <param name="askers">Each asks again once it has its answer; their number is how much is under way at a time.</param>
    public static async Task<RoundTrips> MeasureAsync(IReadOnlyList<Func<Task>> askers, TimeSpan duration, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(askers.Select(ask => Task.Run(() => AskAsync(ask, begin, duration, cancellationToken), cancellationToken))).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(begin);
        var all = times.SelectMany(own => own).ToArray();
        Array.Sort(all);
        return new RoundTrips(all.Length, all.Length / elapsed.TotalSeconds, TimeSpan.FromTicks(all[all.Length / 2]), TimeSpan.FromTicks(all[all.Length * 99 / 100]));
    }

    private static async Task<List<long>> AskAsync(Func<Task> ask, long begin, TimeSpan duration, CancellationToken cancellationToken)
    {
        var times = new List<long>();
        while (Stopwatch.GetElapsedTime(begin) < duration)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var asked = Stopwatch.GetTimestamp();
            await ask().ConfigureAwait(false);
            times.Add(Stopwatch.GetElapsedTime(asked).Ticks);
        }

        return times;
    }
}
