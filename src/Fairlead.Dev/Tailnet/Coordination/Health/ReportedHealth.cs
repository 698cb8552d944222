namespace Fairlead.Dev.Tailnet.Coordination.Health;

/// <summary>What a node said is wrong with a part of it.</summary>
/// <param name="NodeId">Stable id of the node.</param>
/// <param name="Part">Name of the part.</param>
/// <param name="Error">What is wrong, in the node's words.</param>
public sealed record ReportedHealth(string NodeId, string Part, string Error, DateTimeOffset At);
