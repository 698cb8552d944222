namespace Fairlead.Kubernetes.Queueing;

/// <summary>Exponential delay with jitter on top.</summary>
/// <param name="Jitter">Largest share of the delay that is added at random.</param>
internal readonly record struct Backoff(TimeSpan Base, TimeSpan Max, double Jitter)
{
    /// <param name="failures">Failures before this one.</param>
    public TimeSpan Next(int failures, Random random)
    {
        // 2^40 times any base delay is beyond every cap in use, and far from overflowing a double.
        var ticks = Math.Min(Base.Ticks * Math.Pow(2, Math.Min(failures, 40)), Max.Ticks);
        return TimeSpan.FromTicks((long)(ticks * (1 + (random.NextDouble() * Jitter))));
    }
}
