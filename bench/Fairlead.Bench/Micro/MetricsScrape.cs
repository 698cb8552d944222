using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Fairlead.Kubernetes.Observability;

namespace Fairlead.Bench.Micro;

/// <summary>
/// One scrape of a hundred counters' series and ten histograms. Baseline: text of the same length from numbers at hand,
/// line by line.
/// </summary>
public class MetricsScrape
{
    private const string MeterName = "Fairlead.Bench";

    // Static: the harness makes instances that nothing disposes of.
    private static readonly Meter Source = new(MeterName);
    private static readonly PrometheusExporter Shared = new(MeterName);

    private readonly PrometheusExporter _exporter = Shared;
    private int _lines;

    [GlobalSetup]
    public void Setup()
    {
        var counter = Source.CreateCounter<long>("requests");
        var histogram = Source.CreateHistogram<double>(
            "duration", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.01, 0.1, 1, 10] });
        for (var i = 0; i < 100; i++)
        {
            counter.Add(i, new("resource", "services"), new KeyValuePair<string, object?>("code", i));
            histogram.Record(i / 10.0, new KeyValuePair<string, object?>("controller", i % 10));
        }

        _lines = _exporter.Collect().Count(c => c == '\n');
    }

    [Benchmark(Baseline = true)]
    public string LinesOnly()
    {
        var text = new StringBuilder(16 * 1024);
        for (var i = 0; i < _lines; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"duration_seconds_bucket{{controller=\"{i % 10}\",le=\"{0.1 * i}\"}} {i}\n");
        }

        return text.ToString();
    }

    [Benchmark]
    public string Exporter() => _exporter.Collect();
}
