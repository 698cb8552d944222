namespace Fairlead.Tailnet.Fuzzing;

/// <summary>What the run of a target found.</summary>
/// <param name="Iterations">Inputs that were tried.</param>
public sealed record FuzzReport(string Target, long Iterations, TimeSpan Elapsed, IReadOnlyList<FuzzFailure> Failures);
