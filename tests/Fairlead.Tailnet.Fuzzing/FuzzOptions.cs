namespace Fairlead.Tailnet.Fuzzing;

/// <summary>How long and from where to fuzz.</summary>
public sealed record FuzzOptions
{
    /// <summary>Inputs per target.</summary>
    public long Iterations { get; init; } = 1_000_000;

    /// <summary>The same seed gives the same inputs.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// A call that lasts longer is a hang. Far above what any decoder needs, since a busy machine stops a thread for seconds.
    /// </summary>
    public TimeSpan HangLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest input in bytes; seeds may be longer.</summary>
    public int MaxLength { get; init; } = 4096;

    /// <summary>So many different failures end the run of a target.</summary>
    public int MaxFailures { get; init; } = 10;
}
