namespace Fairlead.Dev.Cluster.Selection;

/// <summary>One condition of a field selector.</summary>
internal sealed record FieldRequirement(string Path, string Value, bool Negated);
