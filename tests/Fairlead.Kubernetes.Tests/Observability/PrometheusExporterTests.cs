using System.Diagnostics.Metrics;
using Fairlead.Kubernetes.Observability;

namespace Fairlead.Kubernetes.Tests.Observability;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly PrometheusExporter _exporter;

    public PrometheusExporterTests() => _exporter = new PrometheusExporter(meter => meter == _meter);

    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counters_end_in_total_and_add_up_per_set_of_labels_whatever_their_order()
    {
        var counter = _meter.CreateCounter<long>("http.requests", null, "Requests by\nverb and \\ code.");
        counter.Add(1, new("verb", "get"), new("code", 200));
        counter.Add(2, new("code", 200), new("verb", "get"));
        counter.Add(5, new("verb", "get"), new("code", 404));

        var text = _exporter.Collect();

        Assert.Contains("# HELP http_requests_total Requests by\\nverb and \\\\ code.\n# TYPE http_requests_total counter\n", text, StringComparison.Ordinal);
        Assert.Equal([3, 5], PrometheusSample.ParseAll(text).Select(sample => sample.Value).Order());
    }

    [Fact]
    public void Label_values_survive_quotes_backslashes_line_feeds_and_other_scripts()
    {
        const string Nasty = "a\"b\\c\nd\\n–é漢";
        _meter.CreateCounter<int>("odd").Add(1, new KeyValuePair<string, object?>("some.value", Nasty));

        Assert.Equal(Nasty, Assert.Single(PrometheusSample.ParseAll(_exporter.Collect())).Labels["some_value"]);
    }

    [Fact]
    public void Histograms_have_cumulative_buckets_with_inclusive_bounds()
    {
        var histogram = _meter.CreateHistogram("work.duration", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 10] });
        foreach (var value in (double[])[0.05, 0.1, 0.5, 5, 50])
        {
            histogram.Record(value, new KeyValuePair<string, object?>("name", "x"));
        }

        var samples = PrometheusSample.ParseAll(_exporter.Collect());

        Assert.Equal(
            [("0.1", 2), ("1", 3), ("10", 4), ("+Inf", 5)],
            samples.Where(sample => sample.Name == "work_duration_seconds_bucket").Select(sample => (sample.Labels["le"], (int)sample.Value)));
        Assert.Equal(5, samples.Single(sample => sample.Name == "work_duration_seconds_count").Value);
        Assert.Equal(55.65, samples.Single(sample => sample.Name == "work_duration_seconds_sum").Value, 6);
    }

    [Fact]
    public void A_gauge_whose_object_is_gone_is_no_longer_reported()
    {
        var values = new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 };
        _meter.CreateObservableGauge("depth", () => values.Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("name", pair.Key))));
        Assert.Equal(2, PrometheusSample.ParseAll(_exporter.Collect()).Count);

        values.Remove("a");
        values["b"] = 7;

        var left = Assert.Single(PrometheusSample.ParseAll(_exporter.Collect()));
        Assert.Equal(("b", 7), (left.Labels["name"], left.Value));
    }

    [Fact]
    public void Up_down_counters_are_gauges_and_infinities_are_spelled_as_prometheus_does()
    {
        var counter = _meter.CreateUpDownCounter<int>("open");
        counter.Add(3);
        counter.Add(-1);
        _meter.CreateGauge<double>("limit").Record(double.PositiveInfinity);

        var text = _exporter.Collect();

        Assert.Contains("# TYPE open gauge\nopen 2\n", text, StringComparison.Ordinal);
        Assert.Contains("limit +Inf\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tag_with_unbounded_values_does_not_fill_the_memory()
    {
        var counter = _meter.CreateCounter<int>("leaky");
        for (var i = 0; i < 10_000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        Assert.Equal(2_000, PrometheusSample.ParseAll(_exporter.Collect()).Count);
    }

    [Fact]
    public void The_runtimes_own_metrics_can_be_exported_along()
    {
        using var exporter = new PrometheusExporter("System.Runtime");

        var samples = PrometheusSample.ParseAll(exporter.Collect());

        Assert.Contains(samples, sample => sample.Name == "dotnet_process_memory_working_set_bytes" && sample.Value > 0);
    }
}
