namespace Fairlead.Tailnet.Tests.Netstack.Simulation;

/// <summary>Time that moves only when the simulation says so; timers are events like all others.</summary>
internal sealed class VirtualTime(SimulatedWorld world) : TimeProvider
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Microseconds.</summary>
    public long Now { get; set; }

    public int ArmedTimers { get; private set; }

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => Origin.AddMicroseconds(Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(VirtualTime time, Action callback) : ITimer
    {
        private int _generation;
        private bool _armed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var generation = ++_generation;
            Disarm();
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _armed = true;
                time.ArmedTimers++;
                time.World.At(time.Now + (long)dueTime.TotalMicroseconds, () => Fire(generation));
            }

            return true;
        }

        public void Dispose()
        {
            _generation++;
            Disarm();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int generation)
        {
            if (generation == _generation)
            {
                Disarm();
                callback();
            }
        }

        private void Disarm()
        {
            if (_armed)
            {
                _armed = false;
                time.ArmedTimers--;
            }
        }
    }

    private SimulatedWorld World => world;
}
