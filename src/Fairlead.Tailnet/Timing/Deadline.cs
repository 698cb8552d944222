namespace Fairlead.Tailnet.Timing;

/// <summary>
/// A time at which something is to be done, once for each time it is set. Thread-safe. The callback runs on the timer's thread between
/// those of all others: it must be short and not block. One that is already running is not waited for.
/// </summary>
public sealed class Deadline : IDisposable
{
    private readonly DeadlineScheduler _scheduler;
    private readonly Action _callback;

    public Deadline(TimeProvider time, Action callback)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(callback);
        _scheduler = DeadlineScheduler.For(time);
        _callback = callback;
    }

    /// <summary>Place in the scheduler's heap, −1 when not set. Written under its lock.</summary>
    internal int Index { get; set; } = -1;

    /// <summary>Timestamp. Written under the scheduler's lock.</summary>
    internal long Due { get; set; }

    /// <summary>Sets it anew, whether or not it was set.</summary>
    public void Set(TimeSpan due) => _scheduler.Set(this, due);

    public void Clear() => _scheduler.Clear(this);

    public void Dispose() => Clear();

    internal void Run() => _callback();
}
