using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Fairlead.Dev.Cluster.Controllers.Runtime;

/// <summary>Objects to look at: each waits once, and one that changes while it is worked on comes again.</summary>
internal sealed class KeyQueue(TimeProvider time) : IDisposable
{
    private readonly Channel<ObjectId> _ready = Channel.CreateUnbounded<ObjectId>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly HashSet<ObjectId> _waiting = [];
    private readonly ConcurrentDictionary<ObjectId, ITimer> _delayed = [];

    public void Add(ObjectId id)
    {
        lock (_gate)
        {
            if (_waiting.Add(id))
                _ready.Writer.TryWrite(id);
        }
    }

    /// <summary>Adds the object later; a later call for it replaces the time.</summary>
    public void AddAfter(ObjectId id, TimeSpan delay)
    {
        var timer = time.CreateTimer(_ => Elapsed(id), null, delay, Timeout.InfiniteTimeSpan);
        _delayed.AddOrUpdate(id, timer, (_, old) =>
        {
            old.Dispose();
            return timer;
        });
    }

    /// <summary>The next object; from here on it may be added again.</summary>
    public async ValueTask<ObjectId> TakeAsync(CancellationToken cancellationToken)
    {
        var id = await _ready.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
            _waiting.Remove(id);
        return id;
    }

    public void Dispose()
    {
        foreach (var timer in _delayed.Values)
            timer.Dispose();
    }

    private void Elapsed(ObjectId id)
    {
        if (_delayed.TryRemove(id, out var timer))
            timer.Dispose();
        Add(id);
    }
}
