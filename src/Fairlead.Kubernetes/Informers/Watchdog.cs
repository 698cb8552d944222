namespace Fairlead.Kubernetes.Informers;

/// <summary>Cancels its token when nobody calls <see cref="Reset"/> for too long, or when the outer token is cancelled.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _outer;
    private TimeSpan _limit;
    private long _armedAt;

    public Watchdog(TimeSpan limit, TimeProvider time, CancellationToken outer)
    {
        _time = time;
        _limit = limit;
        _armedAt = time.GetTimestamp();
        _source = new CancellationTokenSource(limit, time);
        _outer = outer.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Reset()
    {
        // Moving the timer for every event would cost more than the event; an eighth of imprecision does no harm.
        if (_time.GetElapsedTime(_armedAt) > _limit / 8)
        {
            Arm(_limit);
        }
    }

    public void Arm(TimeSpan limit)
    {
        _limit = limit;
        _armedAt = _time.GetTimestamp();
        _source.CancelAfter(limit);
    }

    public void Dispose()
    {
        _outer.Dispose();
        _source.Dispose();
    }
}
