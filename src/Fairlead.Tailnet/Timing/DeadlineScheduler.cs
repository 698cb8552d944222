using System.Runtime.CompilerServices;

namespace Fairlead.Tailnet.Timing;

/// <summary>
/// One timer for all that waits in this process, whatever the number of nodes: the earliest <see cref="Deadline"/> sets it, and with none
/// set it does not run. A binary heap, so setting and clearing cost O(log n) and allocate nothing.
/// </summary>
public sealed class DeadlineScheduler
{
    private static readonly ConditionalWeakTable<TimeProvider, DeadlineScheduler> Schedulers = [];

    private readonly Lock _lock = new();
    private readonly List<Deadline> _heap = [];
    private readonly ITimer _timer;
    private long _timerDue = long.MaxValue;

    private DeadlineScheduler(TimeProvider time)
    {
        Time = time;
        _timer = time.CreateTimer(static scheduler => ((DeadlineScheduler)scheduler!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeProvider Time { get; }

    /// <summary>The one scheduler of a time source.</summary>
    public static DeadlineScheduler For(TimeProvider time) => Schedulers.GetValue(time, static time => new DeadlineScheduler(time));

    internal void Set(Deadline deadline, TimeSpan due)
    {
        var timestamp = Time.GetTimestamp() + Math.Max(1, (long)(due.TotalSeconds * Time.TimestampFrequency));
        lock (_lock)
        {
            if (deadline.Index < 0)
            {
                deadline.Index = _heap.Count;
                deadline.Due = timestamp;
                _heap.Add(deadline);
                Rise(deadline);
            }
            else
            {
                deadline.Due = timestamp;
                Rise(deadline);
                Sink(deadline);
            }

            Arm();
        }
    }

    internal void Clear(Deadline deadline)
    {
        lock (_lock)
            Remove(deadline);
    }

    private void RunDue()
    {
        lock (_lock)
            _timerDue = long.MaxValue;
        while (TakeDue() is { } deadline)
            deadline.Run();
    }

    private Deadline? TakeDue()
    {
        lock (_lock)
        {
            if (_heap.Count > 0 && _heap[0].Due <= Time.GetTimestamp())
            {
                var deadline = _heap[0];
                Remove(deadline);
                return deadline;
            }

            Arm();
            return null;
        }
    }

    /// <summary>Sets the timer if the earliest deadline is earlier than what it is set to; a timer that comes too early sets itself anew.</summary>
    private void Arm()
    {
        if (_heap.Count == 0 || _heap[0].Due >= _timerDue)
            return;
        _timerDue = _heap[0].Due;

        // A millisecond is what timers can tell apart; rounding up saves waking before the time.
        var wait = Time.GetElapsedTime(Time.GetTimestamp(), _timerDue);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private void Remove(Deadline deadline)
    {
        var index = deadline.Index;
        if (index < 0)
            return;
        deadline.Index = -1;
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (ReferenceEquals(last, deadline))
            return;
        Place(last, index);
        Rise(last);
        Sink(last);
    }

    private void Rise(Deadline deadline)
    {
        var index = deadline.Index;
        while (index > 0 && _heap[(index - 1) / 2].Due > deadline.Due)
        {
            Place(_heap[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }

        Place(deadline, index);
    }

    private void Sink(Deadline deadline)
    {
        var index = deadline.Index;
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= _heap.Count)
                break;
            if (child + 1 < _heap.Count && _heap[child + 1].Due < _heap[child].Due)
                child++;
            if (_heap[child].Due >= deadline.Due)
                break;
            Place(_heap[child], index);
            index = child;
        }

        Place(deadline, index);
    }

    private void Place(Deadline deadline, int index)
    {
        _heap[index] = deadline;
        deadline.Index = index;
    }
}
