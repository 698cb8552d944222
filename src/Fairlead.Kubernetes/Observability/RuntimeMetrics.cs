using System.Diagnostics.Metrics;

namespace Fairlead.Kubernetes.Observability;

/// <summary>
/// Instruments of the controller runtime. Their exported names are those of client-go and controller-runtime where
/// those have one, so that existing dashboards and alerts keep working.
/// </summary>
public sealed class RuntimeMetrics : IDisposable
{
    public const string MeterName = "Fairlead.Kubernetes";

    // From a cache hit of some microseconds to the reconcile time limit.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    };

    private readonly GaugeSources<int> _depths = new();
    private readonly GaugeSources<int> _cacheSizes = new();
    private readonly GaugeSources<double> _eventAges = new();
    private readonly GaugeSources<int> _synced = new();
    private readonly GaugeSources<int> _leading = new();
    private readonly GaugeSources<int> _activeWorkers = new();

    public RuntimeMetrics()
    {
        Meter = new Meter(MeterName);
        Meter.CreateObservableGauge("workqueue.depth", _depths.Measure, null, "Keys that are due and wait for a worker.");
        QueueAdds = Meter.CreateCounter<long>("workqueue.adds", null, "Keys that became due.");
        QueueRetries = Meter.CreateCounter<long>("workqueue.retries", null, "Keys that failed and back off.");
        QueueLatency = Meter.CreateHistogram("workqueue.queue.duration", "s", "Time a due key waited for a worker.", null, Durations);
        WorkDuration = Meter.CreateHistogram("workqueue.work.duration", "s", "Time a key was worked on.", null, Durations);
        Reconciles = Meter.CreateCounter<long>("controller_runtime.reconcile", null, "Reconciles by outcome.");
        ReconcileTime = Meter.CreateHistogram("controller_runtime.reconcile.time", "s", "Time of one reconcile, whatever its outcome.", null, Durations);
        ReconcilePanics = Meter.CreateCounter<long>("controller_runtime.reconcile_panics", null, "Reconciles that ended in an unexpected exception.");
        Meter.CreateObservableGauge("controller_runtime.active_workers", _activeWorkers.Measure, null, "Workers busy with a key.");
        WatchRestarts = Meter.CreateCounter<long>("informer.watch.restarts", null, "Watches opened again, by reason.");
        Relists = Meter.CreateCounter<long>("informer.relists", null, "Complete lists after the first, by reason.");
        InformerFailures = Meter.CreateCounter<long>("informer.failures", null, "Failed lists and watches, by reason.");
        Meter.CreateObservableGauge("informer.objects", _cacheSizes.Measure, null, "Objects in the cache.");
        Meter.CreateObservableGauge("informer.last_event.age", _eventAges.Measure, "s", "Time since the API server last sent anything, bookmarks included.");
        Meter.CreateObservableGauge("informer.synced", _synced.Measure, null, "1 when the cache holds the first complete list.");
        Meter.CreateObservableGauge("leader_election.master_status", _leading.Measure, null, "1 while this process holds the lease.");
        LeaderTransitions = Meter.CreateCounter<long>("leader_election.transitions", null, "Terms won and lost by this process.");
        Events = Meter.CreateCounter<long>("events.recorded", null, "Kubernetes Events by what became of them.");
    }

    /// <summary>For an exporter that wants this instance's instruments only.</summary>
    public Meter Meter { get; }

    internal Counter<long> QueueAdds { get; }

    internal Counter<long> QueueRetries { get; }

    internal Histogram<double> QueueLatency { get; }

    internal Histogram<double> WorkDuration { get; }

    internal Counter<long> Reconciles { get; }

    internal Histogram<double> ReconcileTime { get; }

    internal Counter<long> ReconcilePanics { get; }

    internal Counter<long> WatchRestarts { get; }

    internal Counter<long> Relists { get; }

    internal Counter<long> InformerFailures { get; }

    internal Counter<long> LeaderTransitions { get; }

    internal Counter<long> Events { get; }

    public void Dispose() => Meter.Dispose();

    internal QueueMetrics Queue(string name, Func<int> depth, Func<int> running) =>
        new(this, name, _depths.Add(depth, Tag("name", name)), _activeWorkers.Add(running, Tag("controller", name)));

    internal InformerMetrics Informer(string resource, string ns, Func<int> objects, Func<double> eventAge, Func<bool> synced)
    {
        KeyValuePair<string, object?>[] tags = [new("resource", resource), new("namespace", ns)];
        return new InformerMetrics(this, resource, _cacheSizes.Add(objects, tags), _eventAges.Add(eventAge, tags), _synced.Add(() => synced() ? 1 : 0, tags));
    }

    internal IDisposable Leading(string lease, Func<bool> leading) => _leading.Add(() => leading() ? 1 : 0, Tag("name", lease));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
