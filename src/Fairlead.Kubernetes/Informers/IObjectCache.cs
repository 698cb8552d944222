using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Informers;

/// <summary>
/// What an informer knows. Reads take no lock. Objects are shared by all readers and must not be changed.
/// </summary>
public interface IObjectCache<T>
    where T : class, IKubernetesObject
{
    /// <summary>Whether a first complete list is in the cache. Before that, absence means nothing.</summary>
    bool HasSynced { get; }

    int Count { get; }

    T? Get(ObjectKey key);

    /// <summary>All objects, in no particular order.</summary>
    IReadOnlyList<T> List();

    /// <summary>The objects an index files under a value, ordered by namespace and name.</summary>
    /// <exception cref="ArgumentException">There is no index of this name.</exception>
    IReadOnlyList<T> ByIndex(string index, string value);
}
