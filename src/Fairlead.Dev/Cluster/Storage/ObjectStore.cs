using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Storage;

/// <summary>
/// Objects of all types under one increasing version, with bounded history. Reads never wait for the work of a write, only
/// for its last step; deciding what to write is the caller's, who serialises it.
/// </summary>
internal sealed class ObjectStore(int historySize)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ObjectCollection> _collections = new(StringComparer.Ordinal);

    // A new cluster's first list must not answer "0", which clients take for "any version".
    private long _version = 1;
    private long _compacted;

    public long Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    public StoredObject? Find(ResourceDefinition definition, ObjectKey key)
    {
        lock (_gate)
            return Collection(definition.GroupResource).Current.GetValueOrDefault(key);
    }

    public StoreSnapshot Snapshot(ResourceDefinition definition)
    {
        lock (_gate)
            return new StoreSnapshot(_version, Collection(definition.GroupResource).Current);
    }

    /// <summary>The state at a past version; null when history no longer covers it.</summary>
    public StoreSnapshot? SnapshotAt(ResourceDefinition definition, long version)
    {
        lock (_gate)
        {
            var collection = Collection(definition.GroupResource);
            return version < collection.Log.CompactedVersion ? null : new StoreSnapshot(version, collection.At(version));
        }
    }

    /// <param name="complete">
    /// The caller has seen everything up to the version: it has missed nothing unless a later change was dropped.
    /// </param>
    public ChangeBatch ChangesAfter(ResourceDefinition definition, long version, bool complete)
    {
        lock (_gate)
        {
            var collection = Collection(definition.GroupResource);
            var oldest = complete ? collection.Log.LastDropped : collection.Log.CompactedVersion;
            return version < oldest
                ? new ChangeBatch(true, [], _version, Task.CompletedTask)
                : new ChangeBatch(false, collection.Log.After(version), _version, collection.Changed);
        }
    }

    public StoredObject Put(ResourceDefinition definition, JsonObject obj)
    {
        lock (_gate)
        {
            var collection = Collection(definition.GroupResource);
            var stored = StoredObject.Freeze(definition, obj, _version + 1);
            var previous = collection.Current.GetValueOrDefault(stored.Key);
            _version++;
            collection.Apply(new StoredChange(previous is null ? ChangeType.Added : ChangeType.Modified, stored, previous));
            return stored;
        }
    }

    /// <summary>Removes an object; <paramref name="last"/> is the state that watchers are shown.</summary>
    public StoredObject Remove(ResourceDefinition definition, JsonObject last)
    {
        lock (_gate)
        {
            var collection = Collection(definition.GroupResource);
            var stored = StoredObject.Freeze(definition, last, _version + 1);
            var previous = collection.Current[stored.Key];
            _version++;
            collection.Apply(new StoredChange(ChangeType.Deleted, stored, previous));
            return stored;
        }
    }

    /// <summary>Forgets all history: lists and watches that start before now are refused as expired.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            _compacted = _version;
            foreach (var collection in _collections.Values)
                collection.Compact(_version);
        }
    }

    private ObjectCollection Collection(string groupResource)
    {
        if (!_collections.TryGetValue(groupResource, out var collection))
            _collections.Add(groupResource, collection = new ObjectCollection(groupResource, historySize, _compacted));
        return collection;
    }
}
