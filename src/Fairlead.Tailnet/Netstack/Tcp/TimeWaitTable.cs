using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>All flows in TIME-WAIT, oldest first, behind one timer entry. Full, it lets the oldest go early.</summary>
internal sealed class TimeWaitTable(TcpLayer layer, int capacity) : TimerEntry
{
    // Twice a maximum segment lifetime of 30 s, as is usual; RFC 9293 section 3.4.2 has minutes, and lets implementations choose.
    private const long Duration = 60 * StackClock.Second;

    private readonly Lock _gate = new();
    private readonly Queue<TimeWaitFlow> _flows = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _flows.Count;
            }
        }
    }

    public long NextExpiry() => layer.Clock.Now + Duration;

    /// <summary>Puts what is left of a connection in its place.</summary>
    public void Enter(TransmissionControlBlock block, TimeWaitFlow flow, long now)
    {
        flow.ExpiresAt = now + Duration;
        if (!layer.Replace(block, flow))
        {
            return;
        }

        TimeWaitFlow? displaced = null;
        lock (_gate)
        {
            if (_flows.Count >= capacity)
            {
                displaced = _flows.Dequeue();
            }

            _flows.Enqueue(flow);
        }

        if (displaced is not null)
        {
            layer.Remove(displaced);
        }

        layer.Timers.Schedule(this, flow.ExpiresAt);
    }

    internal override void OnDue(long now)
    {
        while (true)
        {
            TimeWaitFlow flow;
            lock (_gate)
            {
                if (_flows.Count == 0)
                {
                    _flows.TrimExcess();
                    return;
                }

                flow = _flows.Peek();
                if (flow.ExpiresAt > now && !layer.Holds(flow))
                {
                    _flows.Dequeue();
                    continue;
                }

                if (flow.ExpiresAt > now)
                {
                    layer.Timers.Schedule(this, flow.ExpiresAt);
                    return;
                }

                _flows.Dequeue();
            }

            layer.Remove(flow);
        }
    }
}
