using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Fairlead.Kubernetes.Observability;

/// <summary>
/// Listens to instruments and renders what they measured as Prometheus text. Listening starts with the constructor:
/// create it before the things it is to measure.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, Metric> _metrics = new();
    private readonly Lock _collecting = new();

    /// <param name="include">Which meters to export.</param>
    public PrometheusExporter(Predicate<Meter> include)
    {
        ArgumentNullException.ThrowIfNull(include);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (include(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument, _metrics.GetOrAdd(instrument, Metric.For));
            }
        };
        _listener.MeasurementsCompleted = (instrument, _) => _metrics.TryRemove(instrument, out Metric? _);
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((Metric)state!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((Metric)state!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((Metric)state!).Measure((double)value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((Metric)state!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((Metric)state!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => ((Metric)state!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => ((Metric)state!).Measure(value, tags));
        _listener.Start();
    }

    /// <param name="meters">Names of meters, for example <see cref="RuntimeMetrics.MeterName"/> and <c>System.Runtime</c>.</param>
    public PrometheusExporter(params string[] meters)
        : this(meter => meters.Contains(meter.Name))
    {
    }

    /// <summary>Everything measured so far, in Prometheus' text format 0.0.4.</summary>
    public string Collect()
    {
        lock (_collecting)
        {
            foreach (var (_, metric) in _metrics)
            {
                metric.Sweep();
            }

            _listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);

            // Instruments of the same name, for example of two instances of a meter, form one metric: a name may be
            // described only once.
            foreach (var same in _metrics.Values.GroupBy(static metric => metric.Name).OrderBy(static group => group.Key, StringComparer.Ordinal))
            {
                var first = same.First();
                var series = same.Where(metric => metric.Kind == first.Kind).SelectMany(static metric => metric.Series());
                MetricSeries[] distinct = [.. series.DistinctBy(static one => one.Tags, TagSet.Comparer.Instance)];
                PrometheusText.Write(text, first.Name, first.Help, first.Kind, first.Bounds, distinct);
            }

            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();
}
