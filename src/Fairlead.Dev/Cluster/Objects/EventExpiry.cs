using System.Globalization;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Deletes Events a time after they were last written, as API servers do, which give them a lease in etcd.</summary>
internal sealed class EventExpiry : IDisposable
{
    private readonly ObjectWriter _writer;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();

    /// <summary>In the order of their time, as all have the same lifetime; superseded versions among them.</summary>
    private readonly Queue<(DateTimeOffset At, ResourceDefinition Definition, ObjectKey Key, long Version)> _due = new();

    public EventExpiry(ObjectWriter writer, TimeProvider time, TimeSpan lifetime)
    {
        _writer = writer;
        _time = time;
        _lifetime = lifetime;
        _timer = time.CreateTimer(static expiry => ((EventExpiry)expiry!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called with every committed write.</summary>
    public void OnCommitted(ResourceDefinition definition, StoredObject obj, bool gone)
    {
        if (gone || definition is not { Plural: "events", Group: "" or "events.k8s.io" })
            return;

        lock (_gate)
        {
            _due.Enqueue((_time.GetUtcNow() + _lifetime, definition, obj.Key, obj.Version));
            if (_due.Count == 1)
                _timer.Change(_lifetime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Expire()
    {
        while (NextDue() is (var definition, var key, var version))
        {
            try
            {
                _writer.Delete(definition, key, new DeleteOptions { PreconditionResourceVersion = version.ToString(CultureInfo.InvariantCulture) });
            }
            catch (ApiStatusException)
            {
                // Deleted or written again meanwhile: a later entry has the newer version.
            }
        }
    }

    // Never deletes under the gate: writers take it while they hold the lock that a deletion needs.
    private (ResourceDefinition Definition, ObjectKey Key, long Version)? NextDue()
    {
        lock (_gate)
        {
            if (!_due.TryPeek(out var first))
                return null;

            if (first.At - _time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
            {
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return null;
            }

            _due.Dequeue();
            return (first.Definition, first.Key, first.Version);
        }
    }
}
