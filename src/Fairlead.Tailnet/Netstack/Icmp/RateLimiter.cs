using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Icmp;

/// <summary>A token bucket.</summary>
internal sealed class RateLimiter(StackClock clock, int perSecond, int burst)
{
    private readonly Lock _gate = new();
    private readonly long _interval = StackClock.Second / perSecond;
    private long _emptyAt = long.MinValue / 2;

    public bool TryTake()
    {
        lock (_gate)
        {
            var now = clock.Now;
            var next = Math.Max(_emptyAt, now - (burst * _interval)) + _interval;
            if (next > now)
            {
                return false;
            }

            _emptyAt = next;
            return true;
        }
    }
}
