using System.Collections.Concurrent;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Informers;

/// <summary>
/// The objects of one informer. Three writers meet here: the watch, complete lists, and the results of our own writes,
/// which are visible at once. The stream may lag behind our writes; the rules that keep it from undoing them:
/// <list type="bullet">
/// <item>an event that is not newer than the cached object changes nothing;</item>
/// <item>a write the stream has already passed changes nothing (it was seen, or has been overtaken);</item>
/// <item>the uid of an object we saw deleted is dead until the stream reports its deletion or a later list ends;</item>
/// <item>a list overrules every write observed before it was asked for, and every later one whose version is not newer than its own.</item>
/// </list>
/// </summary>
internal sealed class ObjectCache<T>(Func<T, T> project, Action<Exception> handlerFailed)
    where T : class, IKubernetesObject
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<ObjectKey, T> _objects = new();
    private readonly Dictionary<ObjectKey, long> _observedWrites = [];
    private readonly Dictionary<string, long> _deadUids = new(StringComparer.Ordinal);
    private volatile (string Name, ObjectIndex<T> Index)[] _indexes = [];
    private Action<InformerEvent<T>>[] _handlers = [];
    private string? _streamVersion;
    private long _writes;
    private bool _listed;

    public int Count => _objects.Count;

    public T? Get(ObjectKey key) => _objects.GetValueOrDefault(key);

    /// <summary>The object if it is here in exactly this version.</summary>
    public T? Find(ObjectKey key, string version) => Get(key) is { } value && value.Metadata.ResourceVersion == version ? value : null;

    public IReadOnlyList<T> List()
    {
        var list = new List<T>(_objects.Count);
        foreach (var (_, value) in _objects)
        {
            list.Add(value);
        }

        return list;
    }

    public IReadOnlyList<T> ByIndex(string index, string value) =>
        Index(index) is { } found
            ? found.Find(value)
            : throw new ArgumentException($"There is no index \"{index}\"; add it to the informer first.", nameof(index));

    public void AddIndex(string name, Func<T, IEnumerable<string>> values)
    {
        lock (_gate)
        {
            if (Index(name) is not null)
            {
                throw new ArgumentException($"The informer already has an index \"{name}\".", nameof(name));
            }

            var index = new ObjectIndex<T>(values);
            foreach (var (key, value) in _objects)
            {
                index.Change(key, null, value);
            }

            _indexes = [.. _indexes, (name, index)];
        }
    }

    public bool HasIndex(string name) => Index(name) is not null;

    public void AddHandler(Action<InformerEvent<T>> handler)
    {
        lock (_gate)
        {
            _handlers = [.. _handlers, handler];
            foreach (var (_, value) in _objects)
            {
                Call(handler, new InformerEvent<T>(null, value, IsInitialList: true));
            }
        }
    }

    public void RemoveHandler(Action<InformerEvent<T>> handler)
    {
        lock (_gate)
        {
            _handlers = [.. _handlers.Where(other => other != handler)];
        }
    }

    /// <summary>Taken before a list is asked for; tells which observed writes that list covers.</summary>
    public long WritesSoFar()
    {
        lock (_gate)
        {
            return _writes;
        }
    }

    /// <summary>Takes over a complete list: whatever is not in it has been deleted.</summary>
    /// <param name="writesBefore">What <see cref="WritesSoFar"/> said before the list was asked for.</param>
    public void Replace(IReadOnlyList<T> items, string? version, long writesBefore)
    {
        lock (_gate)
        {
            var listed = new HashSet<ObjectKey>(items.Count);
            foreach (var item in items)
            {
                var key = ObjectIdentity.KeyOf(item);
                listed.Add(key);
                var current = Get(key);
                var written = _observedWrites.GetValueOrDefault(key) > writesBefore;
                var dead = item.Metadata.Uid is { } uid && _deadUids.GetValueOrDefault(uid) > writesBefore;
                var order = current is null ? 1 : ObjectIdentity.CompareVersions(item.Metadata.ResourceVersion, current.Metadata.ResourceVersion);
                if (!dead && order != 0 && (order > 0 || !written))
                {
                    Store(key, current, item, isInitialList: !_listed);
                }
            }

            foreach (var (key, current) in _objects)
            {
                // A write that the list has overtaken was deleted again before the list was taken, and no watch from there on tells.
                var outlivesList = _observedWrites.GetValueOrDefault(key) > writesBefore
                    && ObjectIdentity.CompareVersions(current.Metadata.ResourceVersion, version) > 0;
                if (!listed.Contains(key) && !outlivesList)
                {
                    Remove(key, current);
                }
            }

            Forget(_observedWrites, writesBefore);
            Forget(_deadUids, writesBefore);
            _streamVersion = version;
            _listed = true;
        }
    }

    /// <summary>An object that the watch reports as added or modified.</summary>
    public void Change(T value)
    {
        lock (_gate)
        {
            _streamVersion = value.Metadata.ResourceVersion;
            var key = ObjectIdentity.KeyOf(value);
            if (value.Metadata.Uid is { } uid && _deadUids.ContainsKey(uid))
            {
                return;
            }

            var current = Get(key);
            var order = current is null ? 1 : ObjectIdentity.CompareVersions(value.Metadata.ResourceVersion, current.Metadata.ResourceVersion);
            if (order >= 0)
            {
                _observedWrites.Remove(key);
            }

            if (order > 0)
            {
                Store(key, current, value, isInitialList: false);
            }
        }
    }

    /// <summary>An object that the watch reports as deleted.</summary>
    public void Delete(T value)
    {
        lock (_gate)
        {
            _streamVersion = value.Metadata.ResourceVersion;
            var key = ObjectIdentity.KeyOf(value);
            var uid = value.Metadata.Uid;
            if (uid is not null)
            {
                _deadUids.Remove(uid);
            }

            if (Get(key) is { } current
                && (current.Metadata.Uid == uid
                    || ObjectIdentity.CompareVersions(value.Metadata.ResourceVersion, current.Metadata.ResourceVersion) > 0))
            {
                _observedWrites.Remove(key);
                Remove(key, current);
            }
        }
    }

    public void Bookmark(string version)
    {
        lock (_gate)
        {
            _streamVersion = version;
        }
    }

    public void Observe(T written)
    {
        lock (_gate)
        {
            var version = written.Metadata.ResourceVersion;
            if ((written.Metadata.Uid is { } uid && _deadUids.ContainsKey(uid))
                || (_streamVersion is not null && ObjectIdentity.CompareVersions(version, _streamVersion) <= 0))
            {
                return;
            }

            var key = ObjectIdentity.KeyOf(written);
            var current = Get(key);
            if (current is null || ObjectIdentity.CompareVersions(version, current.Metadata.ResourceVersion) > 0)
            {
                _observedWrites[key] = ++_writes;
                Store(key, current, written, isInitialList: false);
            }
        }
    }

    public void ObserveDeleted(ObjectKey key, string? uid)
    {
        lock (_gate)
        {
            var current = Get(key);
            if (current is null || (uid is not null && current.Metadata.Uid != uid))
            {
                return;
            }

            _observedWrites.Remove(key);
            _writes++;
            if (current.Metadata.Uid is { } dead)
            {
                _deadUids[dead] = _writes;
            }

            Remove(key, current);
        }
    }

    private static void Forget<TKey>(Dictionary<TKey, long> marks, long upTo)
        where TKey : notnull
    {
        foreach (var (key, mark) in marks)
        {
            if (mark <= upTo)
            {
                marks.Remove(key);
            }
        }
    }

    private ObjectIndex<T>? Index(string name)
    {
        foreach (var (candidate, index) in _indexes)
        {
            if (candidate == name)
            {
                return index;
            }
        }

        return null;
    }

    private void Store(ObjectKey key, T? old, T value, bool isInitialList)
    {
        value = project(value);
        _objects[key] = value;
        foreach (var (_, index) in _indexes)
        {
            index.Change(key, old, value);
        }

        Notify(new InformerEvent<T>(old, value, isInitialList));
    }

    private void Remove(ObjectKey key, T old)
    {
        _objects.TryRemove(key, out _);
        foreach (var (_, index) in _indexes)
        {
            index.Change(key, old, null);
        }

        Notify(new InformerEvent<T>(old, null, IsInitialList: false));
    }

    private void Notify(InformerEvent<T> change)
    {
        foreach (var handler in _handlers)
        {
            Call(handler, change);
        }
    }

    private void Call(Action<InformerEvent<T>> handler, InformerEvent<T> change)
    {
        try
        {
            handler(change);
        }
#pragma warning disable CA1031 // A faulty handler must not end the informer that other controllers share.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            handlerFailed(failure);
        }
    }
}
