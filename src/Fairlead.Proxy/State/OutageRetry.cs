namespace Fairlead.Proxy.State;

/// <summary>
/// Looks again after a failure, however many there were meanwhile: one look is due at a time, and each that fails puts off the next for longer.
/// </summary>
internal sealed class OutageRetry : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>An operator that waits for news must not wait much longer than the outage lasts.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly Random _random;
    private TimeSpan _next = Shortest;
    private bool _isDue;

    /// <param name="look">Called at each due time.</param>
    public OutageRetry(Action look, TimeProvider time, Random random)
    {
        _random = random;
        _timer = time.CreateTimer(_ => Look(look), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <returns>When it is looked again; null if that was settled by an earlier failure.</returns>
    public TimeSpan? Failed()
    {
        lock (_lock)
        {
            if (_isDue)
            {
                return null;
            }

            // Many proxies lose the same API server at once, and must not return to it at once.
            var wait = _next * (0.5 + (_random.NextDouble() / 2));
            _next = _next * 2 < Longest ? _next * 2 : Longest;
            _isDue = true;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
            return wait;
        }
    }

    public void Succeeded()
    {
        lock (_lock)
        {
            _next = Shortest;
            _isDue = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look(Action look)
    {
        lock (_lock)
        {
            _isDue = false;
        }

        look();
    }
}
