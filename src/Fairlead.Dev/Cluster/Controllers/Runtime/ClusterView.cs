using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Microsoft.Extensions.Logging;

namespace Fairlead.Dev.Cluster.Controllers.Runtime;

/// <summary>
/// What the controllers see and how they write: caches fed by watches, and writes that show in the caches at once, so that no
/// controller acts twice on what it has just done.
/// </summary>
internal sealed class ClusterView(IClusterApi api, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    // How long a watch that broke off waits before it starts anew.
    private static readonly TimeSpan RewatchDelay = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<(string, string), ResourceCache> _caches = [];
    private readonly ConcurrentBag<Task> _feeds = [];

    public IClusterApi Api => api;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Ends when all watches have ended.</summary>
    public Task Completion => Task.WhenAll(_feeds);

    /// <summary>Now, as objects show it.</summary>
    public string Now => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public ResourceCache Cache(string group, string plural) => _caches.GetOrAdd((group, plural), static key => new ResourceCache(key.Item1, key.Item2));

    /// <summary>Starts to follow a type; call once, after the handlers of its cache are in place.</summary>
    public void Follow(string group, string plural) => _feeds.Add(Task.Run(() => FeedAsync(group, plural, Cache(group, plural)), CancellationToken.None));

    /// <summary>Creates an object; null when one of that name exists.</summary>
    public JsonObject? Create(string group, string plural, string? ns, JsonObject obj)
    {
        try
        {
            var created = api.Create(group, plural, ns, obj);
            Show(group, plural, ns, created);
            return created;
        }
        catch (ApiStatusException e) when (e.Reason == "AlreadyExists")
        {
            return null;
        }
    }

    public JsonObject Update(string group, string plural, string? ns, JsonObject obj, string? subresource = null)
    {
        var updated = api.Update(group, plural, ns, obj, subresource);
        Show(group, plural, ns, updated);
        return updated;
    }

    /// <summary>Writes a status that differs from the stored one.</summary>
    public void UpdateStatus(string group, string plural, JsonObject obj, JsonObject status)
    {
        if (JsonNode.DeepEquals(obj["status"], status))
            return;
        var changed = (JsonObject)obj.DeepClone();
        changed["status"] = status;
        Update(group, plural, obj.Namespace().Length == 0 ? null : obj.Namespace(), changed, "status");
    }

    public void Delete(string group, string plural, JsonObject obj, string propagation = "Background")
    {
        var ns = obj.Namespace().Length == 0 ? null : obj.Namespace();
        try
        {
            api.Delete(group, plural, ns, obj.Name(), propagation, obj.Uid());
        }
        catch (ApiStatusException e) when (e.Reason == "Conflict")
        {
            // Another object has the name now; the one meant is gone.
        }

        if (api.Get(group, plural, ns, obj.Name()) is { } left && left.Uid() == obj.Uid())
            Show(group, plural, ns, left);
        else
            Cache(group, plural).Remove(obj);
    }

    /// <summary>Puts what a write returned into the cache, unless the object is gone by now: with its last finalizer, or by another's hand.</summary>
    private void Show(string group, string plural, string? ns, JsonObject written)
    {
        var cache = Cache(group, plural);
        cache.Put(written);

        // In this order: the watch may have reported the end before, and will not report it again.
        if (api.Get(group, plural, ns, written.Name())?.Uid() != written.Uid())
            cache.Remove(written);
    }

    private async Task FeedAsync(string group, string plural, ResourceCache cache)
    {
        var mayBeStale = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in api.WatchAsync(group, plural, stopping).ConfigureAwait(false))
                {
                    if (mayBeStale)
                    {
                        // Once more now that the watch reports every end: an object may have gone between the two.
                        Purge(group, plural, cache);
                        mayBeStale = false;
                    }

                    if (change.Type == "DELETED")
                        cache.Remove(change.Object);
                    else
                        cache.Put(change.Object);
                }

                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ApiStatusException e) when (e.Code == 404)
            {
                // The type is no longer served, and its objects are gone with it.
                foreach (var obj in cache.All())
                    cache.Remove(obj);
                _caches.TryRemove((group, plural), out _);
                return;
            }
            catch (Exception e)
            {
                if (e is not ApiStatusException)
                    ControllerLog.WatchFailed(logger, plural, e);
                await Resynchronise(group, plural, cache).ConfigureAwait(false);
                mayBeStale = true;
            }
        }
    }

    // A watch that fell behind starts with all objects; what went meanwhile it does not report.
    private async Task Resynchronise(string group, string plural, ResourceCache cache)
    {
        try
        {
            await Task.Delay(RewatchDelay, time, stopping).ConfigureAwait(false);
            Purge(group, plural, cache);
        }
        catch (OperationCanceledException)
        {
            // The loop sees that it is over.
        }
    }

    private void Purge(string group, string plural, ResourceCache cache)
    {
        // Known first, then present: what is made in between is spared.
        var known = cache.All();
        var present = api.List(group, plural).Select(o => o.Uid()).ToHashSet();
        foreach (var obj in known.Where(o => !present.Contains(o.Uid())))
            cache.Remove(obj);
    }
}
