using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Authorization;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Selection;
using Fairlead.Dev.Cluster.Storage;
using Fairlead.Dev.Cluster.Watching;

namespace Fairlead.Dev.Cluster.Api;

/// <summary>The API server for callers in the same process.</summary>
internal sealed class InProcessApi(ResourceRegistry registry, ObjectStore store, ObjectWriter writer, ObjectWatcher watcher) : IClusterApi
{
    // What managed fields show for the server's own controllers, which a real cluster runs in this program.
    private const string Manager = "kube-controller-manager";

    public IReadOnlyList<JsonObject> List(string group, string plural, string? ns = null)
    {
        var definition = Definition(group, plural);
        var objects = store.Snapshot(definition).Objects.Values;
        return [.. objects.Where(o => ns is null || o.Key.Namespace == ns).Select(o => o.Thaw(definition))];
    }

    public JsonObject? Get(string group, string plural, string? ns, string name)
    {
        var definition = Definition(group, plural);
        return store.Find(definition, new ObjectKey(ns ?? "", name))?.Thaw(definition);
    }

    public JsonObject Create(string group, string plural, string? ns, JsonObject obj)
    {
        var definition = Definition(group, plural);
        return writer.Create(definition, ns, Own(obj), Context()).Thaw(definition);
    }

    public JsonObject Update(string group, string plural, string? ns, JsonObject obj, string? subresource = null)
    {
        var definition = Definition(group, plural);
        var key = new ObjectKey(ns ?? "", (string?)obj["metadata"]?["name"] ?? "");
        return writer.Update(definition, key, subresource, Own(obj), Context()).Object.Thaw(definition);
    }

    public void Delete(
        string group, string plural, string? ns, string name, string propagation = "Background", string? uid = null, long? graceSeconds = null)
    {
        try
        {
            writer.Delete(Definition(group, plural), new ObjectKey(ns ?? "", name),
                new DeleteOptions { PropagationPolicy = propagation, PreconditionUid = uid, GracePeriodSeconds = graceSeconds });
        }
        catch (ApiStatusException e) when (e.Code == 404)
        {
            // Deleting what is gone is what was wanted.
        }
    }

    public async IAsyncEnumerable<ClusterEvent> WatchAsync(
        string group, string plural, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var definition = Definition(group, plural);
        var options = new WatchOptions { Selector = new ObjectSelector(null, LabelSelector.Everything, FieldSelector.Everything) };
        await foreach (var batch in watcher.WatchAsync(definition, options, cancellationToken).ConfigureAwait(false))
        {
            foreach (var e in batch)
            {
                if (e.Object is not { } obj)
                    throw ApiErrors.Expired($"the watcher of {definition.GroupResource} fell behind the server's history");
                var type = e.Type switch
                {
                    WatchEventType.Added => "ADDED",
                    WatchEventType.Modified => "MODIFIED",
                    _ => "DELETED",
                };
                yield return new ClusterEvent(type, obj.Thaw(definition));
            }
        }
    }

    private ResourceDefinition Definition(string group, string plural) =>
        registry.Table.FindPreferred(group, plural)?.Definition ?? throw ApiErrors.PathNotFound();

    private static JsonObject Own(JsonObject obj) => obj.DeepClone().AsObject();

    private static WriteContext Context() => new() { User = UserInfo.System, FieldManager = Manager };
}
