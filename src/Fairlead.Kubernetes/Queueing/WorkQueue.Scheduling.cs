namespace Fairlead.Kubernetes.Queueing;

// When keys become due and in which order; everything here runs under the queue's lock.
public sealed partial class WorkQueue<TKey>
{
    private WorkEntry<TKey> Entry(TKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            entry = new WorkEntry<TKey>(key);
            _entries.Add(key, entry);
        }

        return entry;
    }

    private void MakeDue(WorkEntry<TKey> entry, int priority)
    {
        if (entry.Delayed)
        {
            priority = Math.Max(priority, entry.DelayedPriority);
            _delayed.RemoveAt(entry.DelayedIndex);
        }

        if (IsHeld(entry))
        {
            DelayUntil(entry, entry.HeldUntil, priority);
        }
        else if (entry.Running)
        {
            entry.Priority = entry.Again ? Math.Max(entry.Priority, priority) : priority;
            entry.Again = true;
        }
        else if (!entry.Ready)
        {
            Enqueue(entry, priority);
        }
        else if (priority > entry.Priority)
        {
            SetRank(entry, priority);
            _ready.Moved(entry.ReadyIndex);
        }
    }

    private void Enqueue(WorkEntry<TKey> entry, int priority)
    {
        entry.ReadySince = _time.GetTimestamp();
        entry.Sequence = _sequence++;
        SetRank(entry, priority);
        _ready.Add(entry);
        _metrics?.Added();
        _available.Release();
    }

    private void SetRank(WorkEntry<TKey> entry, int priority)
    {
        entry.Priority = priority;
        entry.Rank = entry.ReadySince - (long)(priority * _timestampsPerPriority);
    }

    /// <summary>
    /// A key that has just failed is held for a moment whatever happens: its own attempts, which often write how they failed, would
    /// otherwise call for the next one and outrun the back-off. A server that named a time is not asked before it.
    /// </summary>
    private void Hold(WorkEntry<TKey> entry, TimeSpan delay, TimeSpan? atLeast)
    {
        var hold = delay < _shortestRetry ? delay : _shortestRetry;
        if (atLeast > hold)
        {
            hold = atLeast < LongestHold ? atLeast.Value : LongestHold;
        }

        entry.HeldUntil = After(hold);
    }

    private bool IsHeld(WorkEntry<TKey> entry) => entry.Failures > 0 && !entry.Ready && _time.GetTimestamp() < entry.HeldUntil;

    private long After(TimeSpan delay) => _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);

    private void Delay(WorkEntry<TKey> entry, TimeSpan delay, int priority)
    {
        if (!entry.Ready && !entry.Again)
        {
            DelayUntil(entry, After(delay), priority);
        }
    }

    private void DelayUntil(WorkEntry<TKey> entry, long dueAt, int priority)
    {
        if (!entry.Delayed)
        {
            entry.DueAt = dueAt;
            entry.DelayedPriority = priority;
            _delayed.Add(entry);
        }
        else
        {
            entry.DelayedPriority = Math.Max(entry.DelayedPriority, priority);
            if (dueAt < entry.DueAt)
            {
                entry.DueAt = dueAt;
                _delayed.Moved(entry.DelayedIndex);
            }
        }

        SetTimer();
    }

    private void ReleaseDue()
    {
        lock (_gate)
        {
            _timerDueAt = long.MaxValue;
            var now = _time.GetTimestamp();
            while (_delayed.Count > 0 && _delayed.Peek().DueAt <= now)
            {
                var entry = _delayed.Peek();
                MakeDue(entry, entry.DelayedPriority);
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (_delayed.Count == 0 || _delayed.Peek().DueAt >= _timerDueAt)
        {
            return;
        }

        _timerDueAt = _delayed.Peek().DueAt;
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), _timerDueAt);

        // Rounded up: a timer counts whole milliseconds, and one that fires early would only be set again. Timers take
        // at most 49.7 days (uint.MaxValue − 1 ms); waking up in between is harmless.
        var milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, uint.MaxValue - 1);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }
}
