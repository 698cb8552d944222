namespace Fairlead.Tailscale.Http;

/// <summary>Waits between tries: doubling, capped, with jitter so that many callers do not come back at once.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(8);

    private readonly Lock _gate = new();

    /// <param name="attempt">Tries made so far, from 1.</param>
    /// <param name="retryAfter">The least wait the server asked for, if any.</param>
    public TimeSpan Next(int attempt, TimeSpan? retryAfter)
    {
        double share;
        lock (_gate) share = random.NextDouble();
        var full = Math.Min(Cap.Ticks, First.Ticks * Math.Pow(2, attempt - 1));
        // Upper half only: a wait near zero would make the retry useless.
        var wait = TimeSpan.FromTicks((long)(full * (0.5 + (share / 2))));
        return retryAfter is { } least ? least + (wait / 4) : wait;
    }
}
