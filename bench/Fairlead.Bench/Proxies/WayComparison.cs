using System.Globalization;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Proxies;

/// <summary>
/// The same exchange on each way in turn, several times over, so that a machine that is slower for a while is so for all of them. Rates are
/// taken with much under way, latencies with one exchange at a time.
/// </summary>
internal static class WayComparison
{
    private const int Rounds = 3;

    private static readonly Way[] Ways = Enum.GetValues<Way>();

    /// <param name="what">For the figures' names.</param>
    /// <param name="unit">Of rates.</param>
    /// <param name="many">What keeps each way busy.</param>
    /// <param name="one">One at a time, for latencies.</param>
    /// <param name="proxyTime">Processor time that the proxy has used so far.</param>
    /// <param name="target">Least share of the rate over the tailnet that the proxy is to reach, as a percentage; null for none.</param>
    public static async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(
        string what,
        string unit,
        IReadOnlyDictionary<Way, IReadOnlyList<Func<Task>>> many,
        IReadOnlyDictionary<Way, Func<Task>> one,
        double? target,
        Func<TimeSpan> proxyTime,
        TimeSpan duration,
        CancellationToken cancellationToken)
    {
        var slice = duration / Rounds;
        foreach (var way in Ways)
        {
            await RoundTrips.MeasureAsync(many[way], slice, cancellationToken).ConfigureAwait(false);
        }

        var rates = Ways.ToDictionary(way => way, _ => new List<RoundTrips>());
        var costs = new List<TimeSpan>();
        var singles = Ways.ToDictionary(way => way, _ => new List<RoundTrips>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var way in Ways)
            {
                var before = proxyTime();
                var trips = await RoundTrips.MeasureAsync(many[way], slice, cancellationToken).ConfigureAwait(false);
                rates[way].Add(trips);
                if (way == Way.Proxy)
                {
                    costs.Add((proxyTime() - before) / trips.Count);
                }

                singles[way].Add(await RoundTrips.MeasureAsync([one[way]], slice, cancellationToken).ConfigureAwait(false));
            }
        }

        var figures = new List<MeasuredFigure>();
        foreach (var way in Ways)
        {
            figures.Add(new MeasuredFigure($"{what}, {Name(way)}", unit, Rate(way), string.Create(CultureInfo.InvariantCulture, $"{many[way].Count} at a time")));
        }

        figures.Add(new MeasuredFigure($"{what}: through the proxy, of the tailnet without it", "%", 100 * Rate(Way.Proxy) / Rate(Way.Tailnet), target is { } least ? $"at least {least}" : ""));
        figures.Add(new MeasuredFigure($"{what}: through the proxy, of loopback", "%", 100 * Rate(Way.Proxy) / Rate(Way.Loopback), "includes all of the tailnet's cost"));
        figures.Add(new MeasuredFigure($"{what}: processor time of the proxy for each", "µs", Median(costs.Select(cost => cost.TotalMicroseconds)), "several under way"));
        foreach (var way in Ways)
        {
            figures.Add(new MeasuredFigure(
                $"{what}, one at a time, {Name(way)}: p50", "µs", Middle(way, trips => trips.Median.TotalMicroseconds),
                string.Create(CultureInfo.InvariantCulture, $"p99 {Middle(way, trips => trips.P99.TotalMicroseconds):0}")));
        }

        figures.Add(new MeasuredFigure($"{what}: p99 that the proxy adds to the tailnet", "ms", Added(Way.Tailnet), "at most 2"));
        figures.Add(new MeasuredFigure($"{what}: p99 that tailnet and proxy add to loopback", "ms", Added(Way.Loopback), "at most 2"));
        return figures;

        double Rate(Way way) => Median(rates[way].Select(trips => trips.PerSecond));
        double Middle(Way way, Func<RoundTrips, double> value) => Median(singles[way].Select(value));
        double Added(Way without) => Middle(Way.Proxy, trips => trips.P99.TotalMilliseconds) - Middle(without, trips => trips.P99.TotalMilliseconds);
    }

    public static string Name(Way way) => way switch
    {
        Way.Loopback => "over loopback",
        Way.Tailnet => "over the tailnet",
        _ => "through the proxy",
    };

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
