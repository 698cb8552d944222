using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Buffers;

/// <summary>Counts the blocks a stack holds against its bound, and has the pool trimmed after they were given back.</summary>
internal sealed class BufferBudget(TimerQueue timers, StackClock clock, long limit) : TimerEntry
{
    private const long TrimInterval = 5 * StackClock.Second;

    private long _blocks;

    /// <summary>Bytes held in blocks.</summary>
    public long Used => Volatile.Read(ref _blocks) * BlockPool.BlockSize;

    public bool IsExhausted => Used >= limit;

    public void Changed(int blocks)
    {
        Interlocked.Add(ref _blocks, blocks);
        if (blocks < 0 && DueAt == StackClock.Never)
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
