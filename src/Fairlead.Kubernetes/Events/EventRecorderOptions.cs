namespace Fairlead.Kubernetes.Events;

/// <summary>Who records Events, and how many. The defaults are those of client-go's correlator.</summary>
public sealed record EventRecorderOptions
{
    /// <summary>Shown as the source of the Event, for example <c>service-operator</c>.</summary>
    public required string Component { get; init; }

    /// <summary>This process, for example the Pod's name.</summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>Events waiting to be written; more are dropped and counted.</summary>
    public int Capacity { get; init; } = 1_000;

    /// <summary>Different messages of one object, type and reason before they are combined into one Event.</summary>
    public int SimilarLimit { get; init; } = 10;

    /// <summary>Time without a similar Event after which combining starts afresh.</summary>
    public TimeSpan SimilarWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Events one object may cause at once.</summary>
    public int Burst { get; init; } = 25;

    /// <summary>Time for which an object that used up its burst earns one more Event.</summary>
    public TimeSpan RefillInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Objects and messages remembered; the longest unused are forgotten first.</summary>
    public int MemorySize { get; init; } = 4_096;

    /// <summary>How long a stop waits for Events to be written.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
