using Fairlead.Tailnet.Timing;

namespace Fairlead.Tailnet.Relaying;

/// <summary>Cancels something that was not used for a while. Noting a use costs no more than a look at the clock.</summary>
internal sealed class IdleLimit : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended;
    private readonly Deadline _deadline;
    private long _limit;
    private long _usedAt;

    public IdleLimit(TimeProvider time, TimeSpan limit, CancellationTokenSource ended)
    {
        _time = time;
        _ended = ended;
        _limit = limit.Ticks;
        _usedAt = time.GetTimestamp();
        _deadline = new Deadline(time, Check);
        _deadline.Set(limit);
    }

    public void Used() => Volatile.Write(ref _usedAt, _time.GetTimestamp());

    /// <summary>It may be idle for this long from now on; what is idle already has as long again.</summary>
    public void ShortenTo(TimeSpan limit)
    {
        Used();
        Volatile.Write(ref _limit, limit.Ticks);
        _deadline.Set(limit);
    }

    public void Dispose() => _deadline.Dispose();

    private void Check()
    {
        var left = TimeSpan.FromTicks(Volatile.Read(ref _limit)) - _time.GetElapsedTime(Volatile.Read(ref _usedAt));
        if (left > TimeSpan.Zero)
        {
            _deadline.Set(left);
            return;
        }

        // What waits is continued elsewhere: this is the thread of all deadlines.
        ThreadPool.UnsafeQueueUserWorkItem(static ended => End(ended), _ended, preferLocal: false);
    }

    private static void End(CancellationTokenSource ended)
    {
        try
        {
            ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in the meantime.
        }
    }
}
