namespace Fairlead.Kubernetes.Queueing;

/// <summary>Everything the queue knows of one key. Guarded by the queue's lock.</summary>
internal sealed class WorkEntry<TKey>(TKey key)
{
    public TKey Key { get; } = key;

    /// <summary>Priority of the next run.</summary>
    public int Priority { get; set; }

    /// <summary>Timestamp at which the next run became due.</summary>
    public long ReadySince { get; set; }

    /// <summary>Order among ready keys: the timestamp the key became due, moved by its priority.</summary>
    public long Rank { get; set; }

    /// <summary>Ties between equal ranks: first in, first out.</summary>
    public long Sequence { get; set; }

    /// <summary>Timestamp at which a delayed key becomes due.</summary>
    public long DueAt { get; set; }

    public int DelayedPriority { get; set; }

    public int ReadyIndex { get; set; } = -1;

    public int DelayedIndex { get; set; } = -1;

    public bool Running { get; set; }

    /// <summary>Added while running: runs once more.</summary>
    public bool Again { get; set; }

    public long StartedAt { get; set; }

    /// <summary>Timestamp before which a key that failed does not become due.</summary>
    public long HeldUntil { get; set; }

    public int Failures { get; set; }

    public bool Ready => ReadyIndex >= 0;

    public bool Delayed => DelayedIndex >= 0;

    /// <summary>Nothing is known of the key that would have to be kept.</summary>
    public bool Idle => !Ready && !Delayed && !Running && Failures == 0;
}
