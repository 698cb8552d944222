namespace Fairlead.Kubernetes.Observability;

/// <summary>What one work queue measures.</summary>
internal sealed class QueueMetrics(RuntimeMetrics metrics, string name, IDisposable depth, IDisposable running) : IDisposable
{
    private readonly KeyValuePair<string, object?> _name = new("name", name);

    public void Added() => metrics.QueueAdds.Add(1, _name);

    public void Retried() => metrics.QueueRetries.Add(1, _name);

    public void Started(TimeSpan waited) => metrics.QueueLatency.Record(waited.TotalSeconds, _name);

    public void Finished(TimeSpan worked) => metrics.WorkDuration.Record(worked.TotalSeconds, _name);

    public void Dispose()
    {
        depth.Dispose();
        running.Dispose();
    }
}
