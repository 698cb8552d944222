using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Buffers;

/// <summary>Counts the bytes that a stack's buffers and its notes of what is in flight hold against its bound, and has the pool trimmed after they were given back.</summary>
internal sealed class BufferBudget(TimerQueue timers, StackClock clock, long limit) : TimerEntry
{
    private const long TrimInterval = 5 * StackClock.Second;

    private long _used;

    /// <summary>Bytes held.</summary>
    public long Used => Volatile.Read(ref _used);

    public bool IsExhausted => Used >= limit;

    public void Changed(long bytes)
    {
        Interlocked.Add(ref _used, bytes);
        if (bytes < 0 && DueAt == StackClock.Never)
        {
            timers.Schedule(this, clock.Now + TrimInterval);
        }
    }

    internal override void OnDue(long now)
    {
        if (BlockPool.Shared.Trim())
        {
            timers.Schedule(this, now + TrimInterval);
        }
    }
}
