using System.Collections.Concurrent;
using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// Results of external calls that no object is known to store, kept for the parent whose plan asked for them. A plan that no longer
/// asks ends the wait: either a write stored the result although its answer got lost, or another object took its place and the
/// result has to be given back. In both cases it must not be handed out again.
/// </summary>
internal sealed class UnstoredResults
{
    private readonly ConcurrentDictionary<(string Resource, ObjectKey Parent), ConcurrentDictionary<string, UnstoredResult>> _byParent = new();

    /// <summary>What waits for the parent.</summary>
    public OfParent Of(string resource, ObjectKey parent) => new(this, (resource, parent));

    /// <summary>Everything that waits, which from then on does not.</summary>
    public ImmutableArray<UnstoredResult> TakeAll()
    {
        var taken = ImmutableArray.CreateBuilder<UnstoredResult>();
        foreach (var parent in _byParent.Keys)
        {
            if (_byParent.TryRemove(parent, out var waiting))
            {
                taken.AddRange(waiting.Values);
            }
        }

        return taken.ToImmutable();
    }

    private void Remove((string Resource, ObjectKey Parent) parent, string identity)
    {
        if (_byParent.TryGetValue(parent, out var waiting) && waiting.TryRemove(identity, out _) && waiting.IsEmpty)
        {
            _byParent.TryRemove(parent, out _);
        }
    }

    /// <summary>The results of one parent, which only one run at a time works on.</summary>
    internal readonly struct OfParent(UnstoredResults all, (string Resource, ObjectKey Parent) parent)
    {
        public object? Find(string identity) =>
            all._byParent.TryGetValue(parent, out var waiting) ? waiting.GetValueOrDefault(identity)?.Value : null;

        /// <summary>What these steps do not ask for any more.</summary>
        public ImmutableArray<UnstoredResult> NotWantedBy(ImmutableArray<PlanStep> steps)
        {
            if (!all._byParent.TryGetValue(parent, out var waiting))
            {
                return [];
            }

            var wanted = steps.OfType<CallStep>().Select(static step => step.Call.Identity).ToHashSet(StringComparer.Ordinal);
            return [.. waiting.Where(entry => !wanted.Contains(entry.Key)).Select(static entry => entry.Value)];
        }

        public void Keep(UnstoredResult result) =>
            all._byParent.GetOrAdd(parent, static _ => new ConcurrentDictionary<string, UnstoredResult>(StringComparer.Ordinal))[result.Call.Identity] = result;

        public void Remove(string identity) => all.Remove(parent, identity);
    }
}
