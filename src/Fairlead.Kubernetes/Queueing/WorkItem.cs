namespace Fairlead.Kubernetes.Queueing;

/// <summary>A key taken from the queue; hand it back with <see cref="WorkQueue{TKey}.Done"/>.</summary>
/// <param name="Waited">Time between the key becoming due and being taken.</param>
public readonly record struct WorkItem<TKey>(TKey Key, int Priority, TimeSpan Waited);
