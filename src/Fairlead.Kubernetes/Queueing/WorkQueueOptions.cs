namespace Fairlead.Kubernetes.Queueing;

/// <summary>How a <see cref="WorkQueue{TKey}"/> orders and delays its keys.</summary>
public sealed record WorkQueueOptions
{
    public static WorkQueueOptions Default { get; } = new();

    /// <summary>Delay after the first failure of a key; doubles with each further failure.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How long a key that failed stays away even if something new makes it due: as long as its back-off, but no longer than this.
    /// After that, news ends the back-off at once.
    /// </summary>
    public TimeSpan ShortestRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest back-off, before jitter.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Share of a back-off that is added at random, so that keys which failed together do not return together.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>
    /// Waiting time worth one point of priority. With 50 ms, work of the initial list (−100) outranks newly arrived
    /// normal work (0) after 5 s, so that no steady stream of events can starve it.
    /// </summary>
    public TimeSpan AgeingStep { get; init; } = TimeSpan.FromMilliseconds(50);
}
