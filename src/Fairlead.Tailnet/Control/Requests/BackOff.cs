namespace Fairlead.Tailnet.Control.Requests;

/// <summary>Waits between attempts: doubling, with jitter, so that nodes that lost their server together do not return together.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest, Random random)
{
    /// <summary>A server that wants to be left alone for longer is not believed.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private int _failures;

    /// <summary>How long to wait after one more failure: 50 to 150 % of the nominal time.</summary>
    public TimeSpan Next()
    {
        var nominal = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 30)));
        double jitter;
        lock (random) jitter = 0.5 + random.NextDouble();
        return TimeSpan.FromSeconds(nominal * jitter);
    }

    /// <inheritdoc cref="Next()"/>
    /// <param name="failure">The server may have asked, with it, to be left alone for longer than that.</param>
    public TimeSpan Next(Exception failure)
    {
        var wait = Next();
        return failure is ControlServerException { RetryAfter: { } asked } && asked > wait && asked <= LongestAsked ? asked : wait;
    }

    public void Reset() => _failures = 0;
}
