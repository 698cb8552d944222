using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Round-trip time and retransmission time-out (RFC 6298), in microseconds.</summary>
internal struct RttEstimator
{
    public const long InitialTimeout = StackClock.Second; // RFC 6298 section 2.1

    // RFC 6298 asks for a second; every current stack goes lower, and with delayed acknowledgements of at most 40 ms on our side and
    // 200 ms elsewhere this is the value in wide use.
    private const long SmallestTimeout = 200 * StackClock.Millisecond;
    private const long LargestTimeout = 60 * StackClock.Second; // RFC 6298 section 2.5

    // An old minimum would keep the reordering window small on a path that became longer.
    private const long MinimumLifetime = 300 * StackClock.Second;

    private long _variation;
    private long _minimumAt;

    /// <summary>0 before the first sample.</summary>
    public long Smoothed { get; private set; }

    public long Minimum { get; private set; }

    public int Backoff { get; private set; }

    public readonly long Timeout
    {
        get
        {
            var timeout = Smoothed == 0
                ? InitialTimeout
                : Smoothed + Math.Max(StackClock.Millisecond, 4 * _variation);
            return Math.Min(LargestTimeout, Math.Max(SmallestTimeout, timeout) << Math.Min(Backoff, 20));
        }
    }

    public void Sample(long rtt, long now)
    {
        rtt = Math.Max(rtt, 1);
        if (Smoothed == 0)
        {
            Smoothed = rtt;
            _variation = rtt / 2;
        }
        else
        {
            _variation += (Math.Abs(Smoothed - rtt) - _variation) / 4;
            Smoothed = Math.Max(1, Smoothed + ((rtt - Smoothed) / 8));
        }

        if (Minimum == 0 || rtt <= Minimum || now - _minimumAt > MinimumLifetime)
        {
            Minimum = rtt;
            _minimumAt = now;
        }
    }

    public void BackOff() => Backoff++;

    public void ResetBackoff() => Backoff = 0;
}
