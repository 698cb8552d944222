using System.Collections.Immutable;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>What the external calls of a plan returned, by slot.</summary>
public sealed class StepResults
{
    public static readonly StepResults Empty = new(ImmutableDictionary<string, object>.Empty);

    private readonly ImmutableDictionary<string, object> _bySlot;

    private StepResults(ImmutableDictionary<string, object> bySlot) => _bySlot = bySlot;

    /// <summary>The result in a slot.</summary>
    /// <exception cref="InvalidOperationException">The plan has no earlier call with that slot, or it returned something else.</exception>
    public T Get<T>(string slot) => _bySlot.TryGetValue(slot, out var result) && result is T typed
        ? typed
        : throw new InvalidOperationException($"The plan uses the result \"{slot}\" ({typeof(T).Name}) before a call has put it there.");

    public StepResults With(string slot, object result) => new(_bySlot.SetItem(slot, result));
}
