using Fairlead.Bench.Operators;
using Fairlead.Bench.Processes;

namespace Fairlead.Bench.Scale;

/// <summary>What a scale run measured.</summary>
internal sealed record ScaleResult
{
    /// <summary>From the start of the process to its first write.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Before there are any Services.</summary>
    public required ProcessSample Idle { get; init; }

    /// <summary>From the first Service's creation until all StatefulSets exist.</summary>
    public required TimeSpan Wall { get; init; }

    /// <summary>Until every Service's condition says that its proxy was made.</summary>
    public required TimeSpan WallReported { get; init; }

    /// <summary>The operator's processor time during <see cref="Wall"/>.</summary>
    public required TimeSpan Cpu { get; init; }

    /// <summary>Until things are quiet.</summary>
    public required TimeSpan CpuSettled { get; init; }

    public required ProcessSample Settled { get; init; }

    /// <summary>Requests until things are quiet; null: not known.</summary>
    public required RequestTally? Requests { get; init; }

    /// <summary>Auth keys asked for; one a Service is needed.</summary>
    public required int KeysIssued { get; init; }

    public required TimeSpan SteadyTime { get; init; }

    /// <summary>Requests while nothing changed.</summary>
    public required RequestTally? SteadyRequests { get; init; }

    public required TimeSpan SteadyCpu { get; init; }

    public required TimeSpan Deletion { get; init; }

    public required TimeSpan DeletionCpu { get; init; }

    public required RequestTally? DeletionRequests { get; init; }
}
