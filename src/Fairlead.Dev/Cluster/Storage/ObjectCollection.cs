using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.Storage;

/// <summary>All objects of one type and their recent history. The store's gate guards every member.</summary>
internal sealed class ObjectCollection(string groupResource, int historySize, long createdAt)
{
    private TaskCompletionSource _changed = NewSignal();

    public string GroupResource { get; } = groupResource;

    public ImmutableSortedDictionary<ObjectKey, StoredObject> Current { get; private set; } =
        ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty;

    public ChangeLog Log { get; } = new(historySize, createdAt);

    /// <summary>Completes at the next change or compaction.</summary>
    public Task Changed => _changed.Task;

    public void Apply(StoredChange change)
    {
        Current = change.Type == ChangeType.Deleted
            ? Current.Remove(change.Object.Key)
            : Current.SetItem(change.Object.Key, change.Object);
        Log.Append(change);
        Signal();
    }

    public void Compact(long version)
    {
        Log.Compact(version);
        Signal();
    }

    /// <summary>The objects as they were at a version that history still covers.</summary>
    public ImmutableSortedDictionary<ObjectKey, StoredObject> At(long version)
    {
        var later = Log.After(version);
        var state = Current;
        for (var i = later.Length - 1; i >= 0; i--)
        {
            state = later[i].Previous is { } previous
                ? state.SetItem(previous.Key, previous)
                : state.Remove(later[i].Object.Key);
        }

        return state;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        var signal = _changed;
        _changed = NewSignal();
        signal.SetResult();
    }
}
