namespace Fairlead.Tailnet.Paths;

/// <summary>Limits how often something may happen: so many at once, and so many per second on average.</summary>
internal struct TokenBucket
{
    private readonly double _perSecond;
    private readonly double _burst;
    private double _tokens;
    private long _last;

    public TokenBucket(double perSecond, double burst)
    {
        _perSecond = perSecond;
        _tokens = _burst = burst;
    }

    public bool TryTake(long now, long frequency)
    {
        _tokens = Math.Min(_burst, _tokens + ((now - _last) * _perSecond / frequency));
        _last = now;
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }
}
