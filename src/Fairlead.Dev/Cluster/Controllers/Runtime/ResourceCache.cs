using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Controllers.Runtime;

/// <summary>
/// The objects of one type, indexed by namespace and owner. Objects are shared and must not be changed: clone before use.
/// </summary>
internal sealed class ResourceCache(string group, string plural)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectId, JsonObject> _objects = [];
    private readonly Dictionary<string, HashSet<ObjectId>> _byNamespace = [];
    private readonly Dictionary<string, HashSet<ObjectId>> _byOwner = [];

    /// <summary>Told of each change after it shows: the id, the object before, and after (null: gone).</summary>
    public event Action<ObjectId, JsonObject?, JsonObject?>? Changed;

    public ObjectId IdOf(JsonObject obj) => new(group, plural, obj.Namespace(), obj.Name());

    public JsonObject? Get(string ns, string name)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(new ObjectId(group, plural, ns, name));
    }

    public IReadOnlyList<JsonObject> All()
    {
        lock (_gate)
            return [.. _objects.Values];
    }

    public IReadOnlyList<JsonObject> InNamespace(string ns) => Find(_byNamespace, ns);

    /// <summary>Objects whose owner references name the uid.</summary>
    public IReadOnlyList<JsonObject> OwnedBy(string uid) => Find(_byOwner, uid);

    /// <summary>Takes over a state, unless a newer one is known.</summary>
    public void Put(JsonObject obj)
    {
        var id = IdOf(obj);
        JsonObject? before;
        lock (_gate)
        {
            before = _objects.GetValueOrDefault(id);
            if (before is not null && Version(before) >= Version(obj))
                return;
            Unindex(id, before);
            _objects[id] = obj;
            Index(id, obj);
        }

        if (before is not null && before.Uid() != obj.Uid())
        {
            // The end of the earlier object of the name went unseen; whoever waits for it must be told.
            Changed?.Invoke(id, before, null);
            before = null;
        }

        Changed?.Invoke(id, before, obj);
    }

    public void Remove(JsonObject obj)
    {
        var id = IdOf(obj);
        JsonObject? before;
        lock (_gate)
        {
            // A new object of the same name may already be known.
            before = _objects.GetValueOrDefault(id);
            if (before is null || before.Uid() != obj.Uid())
                return;
            Unindex(id, before);
            _objects.Remove(id);
        }

        Changed?.Invoke(id, before, null);
    }

    private static long Version(JsonObject obj) =>
        long.TryParse(obj.Object("metadata").Text("resourceVersion"), System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static IEnumerable<string> Owners(JsonObject obj) => obj.Object("metadata").Objects("ownerReferences").Select(r => r.Text("uid") ?? "");

    private IReadOnlyList<JsonObject> Find(Dictionary<string, HashSet<ObjectId>> index, string key)
    {
        lock (_gate)
            return index.TryGetValue(key, out var ids) ? [.. ids.Select(id => _objects[id])] : [];
    }

    private void Index(ObjectId id, JsonObject obj)
    {
        Add(_byNamespace, id.Namespace, id);
        foreach (var owner in Owners(obj))
            Add(_byOwner, owner, id);
    }

    private void Unindex(ObjectId id, JsonObject? obj)
    {
        if (obj is null)
            return;
        Drop(_byNamespace, id.Namespace, id);
        foreach (var owner in Owners(obj))
            Drop(_byOwner, owner, id);
    }

    private static void Add(Dictionary<string, HashSet<ObjectId>> index, string key, ObjectId id)
    {
        if (!index.TryGetValue(key, out var ids))
            index[key] = ids = [];
        ids.Add(id);
    }

    private static void Drop(Dictionary<string, HashSet<ObjectId>> index, string key, ObjectId id)
    {
        if (index.TryGetValue(key, out var ids) && ids.Remove(id) && ids.Count == 0)
            index.Remove(key);
    }
}
