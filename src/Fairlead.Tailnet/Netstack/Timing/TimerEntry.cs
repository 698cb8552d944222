namespace Fairlead.Tailnet.Netstack.Timing;

/// <summary>Something that wants to be called at a time. Belongs to one <see cref="TimerQueue"/>, which alone writes its fields.</summary>
internal abstract class TimerEntry
{
    /// <summary>When the queue will call; <see cref="StackClock.Never"/> if it will not.</summary>
    internal long DueAt { get; set; } = StackClock.Never;

    /// <summary>Place in the queue's heap; -1 outside it.</summary>
    internal int HeapIndex { get; set; } = -1;

    /// <summary>Called without locks. The entry is out of the queue and may schedule itself anew. What it sends is flushed afterwards.</summary>
    internal abstract void OnDue(long now);
}
