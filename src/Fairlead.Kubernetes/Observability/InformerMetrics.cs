namespace Fairlead.Kubernetes.Observability;

/// <summary>What one informer measures.</summary>
internal sealed class InformerMetrics(RuntimeMetrics metrics, string resource, params IDisposable[] gauges) : IDisposable
{
    private readonly KeyValuePair<string, object?> _resource = new("resource", resource);

    public void WatchRestarted(string reason) => metrics.WatchRestarts.Add(1, _resource, new("reason", reason));

    public void Relisted(string reason) => metrics.Relists.Add(1, _resource, new("reason", reason));

    public void Failed(string reason) => metrics.InformerFailures.Add(1, _resource, new("reason", reason));

    public void Dispose()
    {
        foreach (var gauge in gauges)
        {
            gauge.Dispose();
        }
    }
}
