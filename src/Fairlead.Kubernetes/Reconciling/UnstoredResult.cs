namespace Fairlead.Kubernetes.Reconciling;

/// <summary>What an external call returned while no object is known to store it.</summary>
/// <param name="Storage">The step that is to store it; null when the plan has none.</param>
internal sealed record UnstoredResult(ExternalCall Call, object Value, ApplyStep? Storage);
