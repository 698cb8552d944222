using System.Collections.Concurrent;
using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// Results of external calls that no object stores yet, kept for the parent whose plan asked for them. A plan that no longer asks
/// ends the wait: the result was stored after all, by a write whose answer got lost, and must not be handed out again.
/// </summary>
internal sealed class UnstoredResults
{
    private readonly ConcurrentDictionary<(string Resource, ObjectKey Parent), ConcurrentDictionary<string, object>> _byParent = new();

    /// <summary>What waits for the parent, after dropping what its new plan does not ask for.</summary>
    public OfParent Of(string resource, ObjectKey parent, ImmutableArray<PlanStep> steps)
    {
        if (_byParent.TryGetValue((resource, parent), out var waiting))
        {
            var wanted = steps.OfType<CallStep>().Select(static step => step.Call.Identity).ToHashSet(StringComparer.Ordinal);
            foreach (var identity in waiting.Keys.Where(identity => !wanted.Contains(identity)))
            {
                Remove((resource, parent), identity);
            }
        }

        return new OfParent(this, (resource, parent));
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
            all._byParent.TryGetValue(parent, out var waiting) ? waiting.GetValueOrDefault(identity) : null;

        public void Keep(string identity, object result) =>
            all._byParent.GetOrAdd(parent, static _ => new ConcurrentDictionary<string, object>(StringComparer.Ordinal))[identity] = result;

        public void Remove(string identity) => all.Remove(parent, identity);
    }
}
