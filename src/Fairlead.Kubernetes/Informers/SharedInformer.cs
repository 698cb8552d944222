using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Informers;

/// <summary>
/// Keeps the objects of one type and scope in memory, current with the API server, for any number of readers.
/// <see cref="InformerFactory"/> hands it out and runs it.
/// </summary>
public sealed class SharedInformer<T> : ISharedInformer, IObjectCache<T>
    where T : class, IKubernetesObject
{
    private readonly ObjectCache<T> _cache;
    private readonly ScopeFilter _filter;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<InformerStatus> _status;

    internal SharedInformer(ResourceType<T> type, InformerScope scope, ObjectCache<T> cache, Func<InformerStatus> status)
    {
        Type = type;
        Scope = scope;
        _cache = cache;
        _filter = new ScopeFilter(scope);
        _status = status;
    }

    public ResourceType<T> Type { get; }

    public InformerScope Scope { get; }

    public string Resource => Type.GroupResource;

    public bool HasSynced => _synced.Task.IsCompletedSuccessfully;

    public InformerStatus Status => _status();

    public int Count => _cache.Count;

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    public T? Get(ObjectKey key) => _cache.Get(key);

    public IReadOnlyList<T> List() => _cache.List();

    public IReadOnlyList<T> ByIndex(string index, string value) => _cache.ByIndex(index, value);

    public bool HasIndex(string name) => _cache.HasIndex(name);

    /// <summary>Files every object under the values a function derives from it. May be added at any time.</summary>
    /// <exception cref="ArgumentException">An index of this name exists.</exception>
    public SharedInformer<T> AddIndex(string name, Func<T, IEnumerable<string>> values)
    {
        _cache.AddIndex(name, values);
        return this;
    }

    /// <summary>
    /// Calls the handler for every change, in order, one at a time; first for the objects that are already there. It
    /// holds up the informer while it runs: it should queue a key and return. Its exceptions are logged and contained.
    /// </summary>
    /// <returns>Dispose to stop the calls.</returns>
    public IDisposable AddHandler(Action<InformerEvent<T>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _cache.AddHandler(handler);
        return new Registration(_cache, handler);
    }

    /// <summary>
    /// Puts the result of a write into the cache, so that the next read sees it without waiting for the watch. Ignored
    /// when the cache already has something newer, or when the object is outside the informer's scope.
    /// </summary>
    /// <param name="written">The object as the API server returned it.</param>
    public void Observe(T written)
    {
        ArgumentNullException.ThrowIfNull(written);
        if (_filter.Admits(written))
        {
            _cache.Observe(written);
        }
    }

    /// <summary>
    /// Takes an object out of the cache after the API server confirmed that it is gone. Not for a deletion that only
    /// began because of finalizers: the API server answers that with the object, which <see cref="Observe"/> takes.
    /// </summary>
    /// <param name="uid">The deleted object; a newer one of the same name stays. Null: whatever has the name.</param>
    public void ObserveDeleted(ObjectKey key, string? uid = null) => _cache.ObserveDeleted(key, uid);

    internal void SetSynced() => _synced.TrySetResult();

    private sealed class Registration(ObjectCache<T> cache, Action<InformerEvent<T>> handler) : IDisposable
    {
        public void Dispose() => cache.RemoveHandler(handler);
    }
}
