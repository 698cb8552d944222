using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Controllers.Lifecycle;

/// <summary>Deletes objects whose owners are gone, and ends foreground and orphaning deletions of owners.</summary>
internal sealed class GarbageCollector : Controller
{
    private const string Foreground = "foregroundDeletion";
    private const string Orphan = "orphan";

    private readonly ServedTypes _types;

    public GarbageCollector(ClusterView view, ServedTypes types)
        : base(view)
    {
        _types = types;
        types.Added += Watch;
    }

    protected override void Reconcile(ObjectId id)
    {
        if (View.Cache(id.Group, id.Plural).Get(id.Namespace, id.Name) is not { } obj)
            return;

        var metadata = obj.Object("metadata");
        if (metadata?["deletionTimestamp"] is not null)
        {
            if (metadata.Texts("finalizers").Contains(Orphan))
                ReleaseDependents(id, obj);
            else if (metadata.Texts("finalizers").Contains(Foreground))
                DeleteDependents(id, obj);
        }
        else if (metadata.Array("ownerReferences") is { Count: > 0 })
        {
            CheckOwners(id, obj);
        }
    }

    private void Watch(ResourceDefinition type) => View.Cache(type.Group, type.Plural).Changed += (id, before, after) =>
    {
        // Dependents may lose their last owner; owners that wait may have lost their last dependent.
        if (after is null || (after.Object("metadata")?["deletionTimestamp"] is not null && before?.Object("metadata")?["deletionTimestamp"] is null))
        {
            foreach (var (dependentId, _) in Dependents((after ?? before!).Uid()))
                Queue.Add(dependentId);
        }

        if (after is not null)
            Queue.Add(id);
        foreach (var reference in (after ?? before!).Object("metadata").Objects("ownerReferences").Where(r => r.Flag("blockOwnerDeletion") == true))
        {
            if (OwnerId(reference, id.Namespace) is { } owner)
                Queue.Add(owner);
        }
    };

    private IEnumerable<(ObjectId Id, JsonObject Object)> Dependents(string uid)
    {
        foreach (var type in _types.All)
        {
            var cache = View.Cache(type.Group, type.Plural);
            foreach (var dependent in cache.OwnedBy(uid))
                yield return (cache.IdOf(dependent), dependent);
        }
    }

    private ObjectId? OwnerId(JsonObject reference, string ns)
    {
        var type = _types.Find(reference.Text("apiVersion") ?? "", reference.Text("kind") ?? "");
        return type is null ? null : new ObjectId(type.Group, type.Plural, type.Namespaced ? ns : "", reference.Text("name") ?? "");
    }

    private void CheckOwners(ObjectId id, JsonObject obj)
    {
        var (kept, gone) = (new List<JsonObject>(), 0);
        var isAwaited = false;
        foreach (var reference in obj.Object("metadata").Objects("ownerReferences"))
        {
            // An owner of a type that is not served may exist for all one knows.
            if (OwnerId(reference, id.Namespace) is not { } ownerId)
            {
                kept.Add(reference);
                continue;
            }

            var owner = FindOwner(ownerId);
            if (owner?.Uid() != reference.Text("uid"))
                gone++;
            else if (owner.Object("metadata")?["deletionTimestamp"] is not null && owner.Object("metadata").Texts("finalizers").Contains(Foreground))
                (gone, isAwaited) = (gone + 1, true);
            else
                kept.Add(reference);
        }

        if (gone == 0)
            return;
        if (kept.Count > 0)
            Rewrite(id, obj, kept);
        else
            View.Delete(id.Group, id.Plural, obj, isAwaited && Dependents(obj.Uid()).Any() ? "Foreground" : "Background");
    }

    // The caches may lag behind; absence is decided on the stored state.
    private JsonObject? FindOwner(ObjectId id)
    {
        try
        {
            return View.Api.Get(id.Group, id.Plural, id.NamespaceOrNull, id.Name);
        }
        catch (ApiStatusException e) when (e.Code == 404)
        {
            return null;
        }
    }

    private void Rewrite(ObjectId id, JsonObject obj, List<JsonObject> kept)
    {
        var changed = (JsonObject)obj.DeepClone();
        if (kept.Count > 0)
            changed.Ensure("metadata")["ownerReferences"] = new JsonArray([.. kept.Select(r => r.DeepClone())]);
        else
            changed.Ensure("metadata").Remove("ownerReferences");
        View.Update(id.Group, id.Plural, id.NamespaceOrNull, changed);
    }

    private void ReleaseDependents(ObjectId id, JsonObject owner)
    {
        foreach (var (dependentId, dependent) in Dependents(owner.Uid()).ToList())
            Rewrite(dependentId, dependent, [.. dependent.Object("metadata").Objects("ownerReferences").Where(r => r.Text("uid") != owner.Uid())]);
        RemoveFinalizer(id, owner, Orphan);
    }

    private void DeleteDependents(ObjectId id, JsonObject owner)
    {
        var isBlocked = false;
        foreach (var (dependentId, dependent) in Dependents(owner.Uid()).ToList())
        {
            if (dependent.Object("metadata")?["deletionTimestamp"] is null)
                Reconcile(dependentId);
            isBlocked |= dependent.Object("metadata").Objects("ownerReferences").Any(r => r.Text("uid") == owner.Uid() && r.Flag("blockOwnerDeletion") == true) &&
                View.Cache(dependentId.Group, dependentId.Plural).Get(dependentId.Namespace, dependentId.Name)?.Uid() == dependent.Uid();
        }

        if (!isBlocked)
            RemoveFinalizer(id, owner, Foreground);
    }

    private void RemoveFinalizer(ObjectId id, JsonObject obj, string finalizer)
    {
        var changed = (JsonObject)obj.DeepClone();
        var left = obj.Object("metadata").Texts("finalizers").Where(f => f != finalizer).Select(f => (JsonNode)f).ToArray();
        if (left.Length > 0)
            changed.Ensure("metadata")["finalizers"] = new JsonArray(left);
        else
            changed.Ensure("metadata").Remove("finalizers");
        View.Update(id.Group, id.Plural, id.NamespaceOrNull, changed);
    }
}
