using Fairlead.Tailnet.Timing;

namespace Fairlead.Tailnet.WireGuard.Timers;

/// <summary>
/// One deadline for all peers: the earliest point at which any of them has to act; when none has, it is not set. Points that move to
/// later, as they do with nearly every packet, cost nothing: that they have moved is found out when the deadline comes.
/// </summary>
internal sealed class DeviceTimer : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ProtocolClock _clock;
    private readonly Func<long, long> _act;
    private readonly Deadline _deadline;
    private long _due = ProtocolClock.Never;
    private bool _disposed;

    /// <param name="act">Is given the time, acts on what is due, and returns when the next is due, or <see cref="ProtocolClock.Never"/>.</param>
    public DeviceTimer(TimeProvider time, ProtocolClock clock, Func<long, long> act)
    {
        _clock = clock;
        _act = act;
        _deadline = new Deadline(time, OnDeadline);
    }

    /// <summary>Makes sure to act at that time.</summary>
    public void Schedule(long due)
    {
        if (due >= Volatile.Read(ref _due))
        {
            return;
        }

        lock (_gate)
        {
            if (due < _due && !_disposed)
            {
                _due = due;
                _deadline.Set(_clock.Until(due));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _deadline.Dispose();
        }
    }

    private void OnDeadline()
    {
        lock (_gate)
        {
            _due = ProtocolClock.Never;
        }

        Schedule(_act(_clock.Now));
    }
}
