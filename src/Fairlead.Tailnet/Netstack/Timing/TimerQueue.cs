namespace Fairlead.Tailnet.Netstack.Timing;

/// <summary>
/// All deadlines of a stack behind one timer, which is armed only while something is due. Entries are meant to be lazy: one that no longer
/// needs its call, or needs it later, leaves its place and looks when called; so the steady flow of packets never touches the heap.
/// </summary>
internal sealed class TimerQueue(StackClock clock, Action flush) : IDisposable
{
    private readonly Lock _gate = new();
    private TimerEntry[] _heap = [];
    private int _count;
    private ITimer? _timer;
    private long _armedFor = StackClock.Never;
    private bool _disposed;

    /// <summary>Whether the timer is armed.</summary>
    public bool IsArmed
    {
        get
        {
            lock (_gate)
            {
                return _armedFor != StackClock.Never;
            }
        }
    }

    /// <summary>Has the entry called at a time, or leaves it if it is to be called earlier.</summary>
    public void Schedule(TimerEntry entry, long dueAt)
    {
        lock (_gate)
        {
            if (_disposed || dueAt >= entry.DueAt)
            {
                return;
            }

            entry.DueAt = dueAt;
            if (entry.HeapIndex < 0)
            {
                if (_count == _heap.Length)
                {
                    Array.Resize(ref _heap, Math.Max(4, 2 * _count));
                }

                entry.HeapIndex = _count++;
            }

            SiftUp(entry, entry.HeapIndex);
            Arm();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
            _timer = null;
            _armedFor = StackClock.Never;
            _heap = [];
            _count = 0;
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _armedFor = StackClock.Never;
        }

        var now = clock.Now;
        while (TakeDue(now) is { } entry)
        {
            entry.OnDue(now);
        }

        flush();
        lock (_gate)
        {
            Arm();
        }
    }

    private TimerEntry? TakeDue(long now)
    {
        lock (_gate)
        {
            if (_count == 0 || _heap[0].DueAt > now)
            {
                return null;
            }

            var first = _heap[0];
            var last = _heap[--_count];
            _heap[_count] = null!;
            first.HeapIndex = -1;
            first.DueAt = StackClock.Never;
            if (_count > 0)
            {
                SiftDown(last);
            }

            if (_count == 0 && _heap.Length > 64)
            {
                _heap = [];
            }

            return first;
        }
    }

    private void Arm()
    {
        if (_disposed || _count == 0 || _heap[0].DueAt >= _armedFor)
        {
            return;
        }

        _armedFor = _heap[0].DueAt;
        // Rounded up to the timer's resolution: called too early, it would only have to be armed again.
        var milliseconds = Math.Clamp((_armedFor - clock.Now + StackClock.Millisecond - 1) / StackClock.Millisecond, 0, int.MaxValue);
        var delay = TimeSpan.FromMilliseconds(milliseconds);
        if (_timer is null)
        {
            // The timer must not carry the ambient context of whichever caller happened to be first.
            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
            {
                _timer = clock.Time.CreateTimer(static state => ((TimerQueue)state!).OnTimer(), this, delay, Timeout.InfiniteTimeSpan);
            }
        }
        else
        {
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    private void SiftUp(TimerEntry entry, int index)
    {
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (_heap[parent].DueAt <= entry.DueAt)
            {
                break;
            }

            Place(_heap[parent], index);
            index = parent;
        }

        Place(entry, index);
    }

    private void SiftDown(TimerEntry entry)
    {
        var index = 0;
        for (; ; )
        {
            var child = (2 * index) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _heap[child + 1].DueAt < _heap[child].DueAt)
            {
                child++;
            }

            if (_heap[child].DueAt >= entry.DueAt)
            {
                break;
            }

            Place(_heap[child], index);
            index = child;
        }

        Place(entry, index);
    }

    private void Place(TimerEntry entry, int index)
    {
        _heap[index] = entry;
        entry.HeapIndex = index;
    }
}
