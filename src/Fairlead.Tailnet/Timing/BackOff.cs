namespace Fairlead.Tailnet.Timing;

/// <summary>Waits between attempts: doubling, with jitter, so that nodes that lost their server together do not return together.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest, Random random)
{
    /// <summary>A server that wants to be left alone for longer is not believed.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    // Null: the first.
    private TimeSpan? _next;

    /// <summary>How long to wait after one more failure: 50 to 150 % of the nominal time.</summary>
    public TimeSpan Next()
    {
        var nominal = _next ?? first;
        _next = nominal * 2 < longest ? nominal * 2 : longest;
        double jitter;
        lock (random) jitter = 0.5 + random.NextDouble();
        return nominal * jitter;
    }

    /// <inheritdoc cref="Next()"/>
    /// <param name="asked">How long the server asked, with the failure, to be left alone, if it did.</param>
    public TimeSpan Next(TimeSpan? asked)
    {
        var wait = Next();
        return asked > wait && asked <= LongestAsked ? asked.Value : wait;
    }

    /// <summary>The next wait is nominally no longer than this.</summary>
    public void AtMost(TimeSpan nominal)
    {
        if (_next > nominal) _next = nominal;
    }

    public void Reset() => _next = null;
}
