namespace Fairlead.Tailnet.Control.Requests;

/// <summary>Waits between attempts: doubling, with jitter, so that nodes that lost their server together do not return together.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    /// <summary>How long to wait after one more failure: 50 to 150 % of the nominal time.</summary>
    public TimeSpan Next()
    {
        var nominal = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 30)));
        double jitter;
        lock (random) jitter = 0.5 + random.NextDouble();
        return TimeSpan.FromSeconds(nominal * jitter);
    }

    public void Reset() => _failures = 0;
}
