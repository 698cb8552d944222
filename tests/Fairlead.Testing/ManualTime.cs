namespace Fairlead.Testing;

/// <summary>Time that stands still until a test moves it; timers fire while it moves, in the order they are due, on the thread that moves it.</summary>
public sealed class ManualTime : TimeProvider
{
    // What a test waits for happens on other threads within milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private TaskCompletionSource _changed = NewSignal();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that are going to fire.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count(timer => timer.DueAt is not null);
            }
        }
    }

    /// <summary>Is there a timer that is due in exactly this time?</summary>
    public bool IsWaitedFor(TimeSpan time)
    {
        lock (_gate)
        {
            return _timers.Exists(timer => timer.DueAt == _now + time);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var target = GetUtcNow() + by;
        while (true)
        {
            ManualTimer? next;
            lock (_gate)
            {
                next = _timers.Where(timer => timer.DueAt <= target).MinBy(timer => timer.DueAt);
                _now = next?.DueAt > _now ? next.DueAt.Value : next is null ? target : _now;
                next?.Rearm();
            }

            if (next is null)
            {
                return;
            }

            next.Fire();
        }
    }

    /// <summary>Waits until somebody waits for a time from now on within these bounds, and gives how long.</summary>
    public async Task<TimeSpan> WaiterAsync(TimeSpan atLeast, TimeSpan atMost, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                var waits = _timers.Select(timer => timer.DueAt - _now).Where(wait => wait >= atLeast && wait <= atMost).ToList();
                if (waits.Count > 0)
                {
                    return waits.Min()!.Value;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience, cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
                time._changed.SetResult();
                time._changed = NewSignal();
                return true;
            }
        }

        public void Rearm() => DueAt = _period > TimeSpan.Zero ? DueAt + _period : null;

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
            {
                DueAt = null;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
