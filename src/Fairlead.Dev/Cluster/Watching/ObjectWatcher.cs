using System.Runtime.CompilerServices;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Watching;

/// <summary>
/// Follows the changes of one type. Watchers read the store's history at their own pace: a slow one costs no memory, and
/// one that falls behind history ends with an error event, as on a real server.
/// </summary>
internal sealed class ObjectWatcher(ObjectStore store, TimeProvider time, TimeSpan bookmarkInterval)
{
    /// <summary>Events in batches that are available at once; ends at the time limit, at an error event or by cancellation.</summary>
    public async IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
        ResourceDefinition definition, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var position = options.ResourceVersion ?? 0;
        var told = position;
        var complete = false;
        if (options.SendInitialEvents || position == 0)
        {
            var initial = Initial(definition, options, out position);
            told = position;
            complete = true;
            yield return initial;
        }

        while (true)
        {
            var batch = store.ChangesAfter(definition, position, complete);
            if (batch.Expired)
            {
                yield return [new WatchEvent(WatchEventType.Error, null, position)];
                yield break;
            }

            complete = true;
            if (batch.Changes.Length > 0)
            {
                position = batch.Changes[^1].Version;
                var events = Select(definition, options, batch.Changes);
                if (events.Count > 0)
                {
                    told = position;
                    yield return events;
                }

                continue;
            }

            position = Math.Max(position, batch.Version);
            var left = options.Timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : options.Timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                if (options.AllowBookmarks && position > told)
                    yield return [new WatchEvent(WatchEventType.Bookmark, null, position)];
                yield break;
            }

            var wait = options.AllowBookmarks && bookmarkInterval < left ? bookmarkInterval : left;
            if (!await WaitAsync(batch.Next, wait, cancellationToken).ConfigureAwait(false) && options.AllowBookmarks && wait < left)
            {
                told = position;
                yield return [new WatchEvent(WatchEventType.Bookmark, null, position)];
            }
        }
    }

    private List<WatchEvent> Initial(ResourceDefinition definition, WatchOptions options, out long version)
    {
        var snapshot = store.Snapshot(definition);
        version = snapshot.Version;
        var events = new List<WatchEvent>();
        foreach (var obj in snapshot.Objects.Values)
        {
            if (options.Selector.Matches(obj))
                events.Add(new WatchEvent(WatchEventType.Added, obj, obj.Version));
        }

        if (options is { SendInitialEvents: true, AllowBookmarks: true })
            events.Add(new WatchEvent(WatchEventType.Bookmark, null, version, EndsInitialEvents: true));
        return events;
    }

    private static List<WatchEvent> Select(ResourceDefinition definition, WatchOptions options, StoredChange[] changes)
    {
        var events = new List<WatchEvent>(changes.Length);
        foreach (var change in changes)
        {
            var before = change.Previous is { } previous && options.Selector.Matches(previous);
            var after = change.Type != ChangeType.Deleted && options.Selector.Matches(change.Object);
            if (after)
                events.Add(new WatchEvent(before ? WatchEventType.Modified : WatchEventType.Added, change.Object, change.Version));
            else if (before && change.Type == ChangeType.Deleted)
                events.Add(new WatchEvent(WatchEventType.Deleted, change.Object, change.Version));
            else if (before)
                events.Add(new WatchEvent(WatchEventType.Deleted, change.Departed(definition), change.Version));
        }

        return events;
    }

    /// <returns>False when the time passed without a change.</returns>
    private async Task<bool> WaitAsync(Task change, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (limit == TimeSpan.MaxValue)
        {
            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(limit, time, timer.Token);
        var first = await Task.WhenAny(change, delay).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await timer.CancelAsync().ConfigureAwait(false);
        return first == change;
    }
}
