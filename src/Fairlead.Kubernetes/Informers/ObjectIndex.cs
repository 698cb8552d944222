using System.Collections.Concurrent;
using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Informers;

/// <summary>
/// Objects by what a function derives from them. One writer at a time, readers without a lock. Buckets are immutable
/// trees: a value shared by thousands of objects costs O(log n) per change, where a copied array would cost O(n).
/// </summary>
internal sealed class ObjectIndex<T>(Func<T, IEnumerable<string>> values)
    where T : class, IKubernetesObject
{
    private readonly ConcurrentDictionary<string, ImmutableSortedDictionary<ObjectKey, T>> _buckets = new(StringComparer.Ordinal);

    public IReadOnlyList<T> Find(string value) =>
        _buckets.TryGetValue(value, out var bucket) ? [.. bucket.Values] : [];

    public void Change(ObjectKey key, T? old, T? @new)
    {
        string[] before = old is null ? [] : [.. values(old).Distinct(StringComparer.Ordinal)];
        string[] after = @new is null ? [] : [.. values(@new).Distinct(StringComparer.Ordinal)];

        // Added under the new values before it leaves the old ones: a reader may see it twice, but never misses it.
        foreach (var value in after)
        {
            var bucket = _buckets.GetValueOrDefault(value) ?? ImmutableSortedDictionary<ObjectKey, T>.Empty;
            _buckets[value] = bucket.SetItem(key, @new!);
        }

        foreach (var value in before)
        {
            if (!after.Contains(value) && _buckets.TryGetValue(value, out var bucket))
            {
                bucket = bucket.Remove(key);
                if (bucket.IsEmpty)
                {
                    _buckets.TryRemove(value, out _);
                }
                else
                {
                    _buckets[value] = bucket;
                }
            }
        }
    }
}
