using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Fairlead.Kubernetes.Observability;

/// <summary>One instrument with all its series.</summary>
internal sealed class Metric
{
    // More series than this come from a tag with unbounded values; keeping them would be a leak.
    private const int MaxSeries = 2_000;

    // OpenTelemetry's default boundaries, for histograms that do not give their own.
    private static readonly double[] DefaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly ConcurrentDictionary<TagSet, MetricSeries> _series = new(TagSet.Comparer.Instance);
    private readonly ConcurrentDictionary<TagSet, MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly bool _observable;
    private readonly bool _additive;

    private Metric(Instrument instrument, MetricKind kind, bool additive, double[] bounds)
    {
        Kind = kind;
        Name = PrometheusText.MetricName(instrument.Name, instrument.Unit, kind);
        Help = instrument.Description ?? "";
        Bounds = bounds;
        _observable = instrument.IsObservable;
        _additive = additive;
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Upper bounds of the buckets, ascending, without infinity.</summary>
    public double[] Bounds { get; }

    public static Metric For(Instrument instrument)
    {
        var generic = instrument.GetType().IsGenericType ? instrument.GetType().GetGenericTypeDefinition() : null;
        return generic switch
        {
            _ when generic == typeof(Counter<>) => new Metric(instrument, MetricKind.Counter, additive: true, []),
            _ when generic == typeof(ObservableCounter<>) => new Metric(instrument, MetricKind.Counter, additive: false, []),
            _ when generic == typeof(UpDownCounter<>) => new Metric(instrument, MetricKind.Gauge, additive: true, []),
            _ when generic == typeof(Histogram<>) => new Metric(instrument, MetricKind.Histogram, additive: false, BoundsOf(instrument)),
            _ => new Metric(instrument, MetricKind.Gauge, additive: false, []),
        };
    }

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_lookup.TryGetValue(tags, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                return;
            }

            var set = TagSet.Comparer.Instance.Create(tags);
            series = _series.GetOrAdd(set, static (key, bounds) => new MetricSeries(key, bounds), Bounds);
        }

        if (Kind == MetricKind.Histogram)
        {
            series.Record(value);
        }
        else if (_additive)
        {
            series.Add(value);
        }
        else
        {
            series.Set(value);
        }
    }

    /// <summary>Before observable instruments are asked: those that answer no more are gone.</summary>
    public void Sweep()
    {
        if (_observable)
        {
            foreach (var (_, series) in _series)
            {
                series.Fresh = false;
            }
        }
    }

    public IEnumerable<MetricSeries> Series()
    {
        foreach (var (tags, series) in _series)
        {
            if (_observable && !series.Fresh)
            {
                _series.TryRemove(tags, out _);
            }
            else
            {
                yield return series;
            }
        }
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(static bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(static bound => (double)bound)],
        _ => DefaultBounds,
    };
}
