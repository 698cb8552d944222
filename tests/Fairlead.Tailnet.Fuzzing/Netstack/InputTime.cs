namespace Fairlead.Tailnet.Fuzzing.Netstack;

/// <summary>Time that passes with inputs, so that what an input does depends on those before it alone.</summary>
internal sealed class InputTime : TimeProvider
{
    private readonly List<InputTimer> _timers = [];
    private long _now = 1;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new InputTimer(this, () => callback(state));
        _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan duration)
    {
        _now += (long)duration.TotalMicroseconds;
        foreach (var timer in _timers)
        {
            timer.FireIfDue(_now);
        }
    }

    private sealed class InputTimer(InputTime time, Action callback) : ITimer
    {
        private long _dueAt = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _dueAt = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time._now + (long)dueTime.TotalMicroseconds;
            return true;
        }

        public void FireIfDue(long now)
        {
            if (_dueAt <= now)
            {
                _dueAt = long.MaxValue;
                callback();
            }
        }

        public void Dispose() => _dueAt = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
