namespace Fairlead.Bench.Measurements;

/// <summary>One measured figure.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">Null: could not be measured here.</param>
/// <param name="Note">What a reader needs to judge it: loss, allocations, why it could not be measured.</param>
internal sealed record MeasuredFigure(string Name, string Unit, double? Value, string Note = "");
