using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Admission;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Selection;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Objects;

internal sealed partial class ObjectWriter
{
    private const string OrphanFinalizer = "orphan";
    private const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>The definition of Namespace, once it is served: creations in absent or terminating namespaces are refused.</summary>
    public ResourceDefinition? Namespaces { get; set; }

    public DeleteResult Delete(ResourceDefinition definition, ObjectKey key, DeleteOptions options)
    {
        lock (_writes)
            return DeleteLocked(definition, key, options);
    }

    /// <summary>Deletes what the selector matches now, one after the other.</summary>
    /// <returns>The objects, as each was after its deletion.</returns>
    public List<StoredObject> DeleteMatching(ResourceDefinition definition, ObjectSelector selector, DeleteOptions options)
    {
        var deleted = new List<StoredObject>();
        foreach (var obj in store.Snapshot(definition).Objects.Values.Where(selector.Matches))
        {
            lock (_writes)
            {
                if (store.Find(definition, obj.Key) is not null)
                    deleted.Add(DeleteLocked(definition, obj.Key, options).Object);
            }
        }

        return deleted;
    }

    private DeleteResult DeleteLocked(ResourceDefinition definition, ObjectKey key, DeleteOptions options)
    {
        var current = Find(store, definition, key);
        if (IsNamespace(definition) && key.Name is ("default" or "kube-system" or "kube-public"))
            throw ApiErrors.Forbidden(definition, key.Name, "this namespace may not be deleted");
        CheckPreconditions(definition, current, options);
        var obj = current.Thaw(definition);
        var metadata = Metadata(obj);
        Admit(new AdmissionRequest
        {
            Definition = definition,
            Operation = "DELETE",
            OldObject = obj.DeepClone().AsObject(),
            User = options.User,
            Namespace = key.Namespace,
            Name = key.Name,
            DryRun = options.DryRun,
        }, []);
        SetPropagation(metadata, options.PropagationPolicy);
        if (GoesAtOnce(definition, metadata))
            return new DeleteResult(RemoveLocked(definition, obj, options.DryRun), true);
        MarkDeleted(definition, obj, metadata, GracePeriod(definition, obj, metadata, options));
        if (IsReleased(definition, obj))
            return new DeleteResult(RemoveLocked(definition, obj, options.DryRun), true);
        metadata["resourceVersion"] = VersionText(current.Version);
        return new DeleteResult(
            JsonNode.DeepEquals(obj, current.Thaw(definition)) ? current : Commit(definition, obj, options.DryRun, current.Version),
            false);
    }

    /// <summary>Objects that nothing holds are removed without ever being seen as marked for deletion.</summary>
    private static bool GoesAtOnce(ResourceDefinition definition, JsonObject metadata) =>
        definition.DeletionGracePeriod is null
        && !IsNamespace(definition)
        && metadata["deletionTimestamp"] is null
        && !HasFinalizers(metadata);

    private static void CheckPreconditions(ResourceDefinition definition, StoredObject current, DeleteOptions options)
    {
        if (options.PreconditionUid is { } uid && uid != current.Uid)
            throw ApiErrors.Conflict(definition.Kind, current.Key.Name,
                $"the UID in the precondition ({uid}) does not match the UID in record ({current.Uid}). " +
                "The object might have been deleted and then recreated");
        if (options.PreconditionResourceVersion is { } version && version != VersionText(current.Version))
            throw ApiErrors.Conflict(definition.Kind, current.Key.Name,
                $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({current.Version}). " +
                "The object might have been modified");
    }

    private static void SetPropagation(JsonObject metadata, string? policy)
    {
        if (policy is null)
            return;
        var finalizers = (metadata["finalizers"] as JsonArray ?? [])
            .Select(f => (string)f!)
            .Where(f => f is not (OrphanFinalizer or ForegroundFinalizer))
            .ToList();
        if (policy == "Orphan")
            finalizers.Add(OrphanFinalizer);
        else if (policy == "Foreground")
            finalizers.Add(ForegroundFinalizer);
        if (finalizers.Count == 0)
            metadata.Remove("finalizers");
        else
            metadata["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]);
    }

    /// <summary>Seconds of grace: never longer than what a deletion already under way has left.</summary>
    private static long GracePeriod(ResourceDefinition definition, JsonObject obj, JsonObject metadata, DeleteOptions options)
    {
        if (definition.DeletionGracePeriod is not { } preset)
            return 0;
        var natural = preset(obj);
        var wanted = natural == 0 ? 0 : Math.Max(options.GracePeriodSeconds ?? natural, 0);
        return metadata["deletionGracePeriodSeconds"]?.GetValue<long>() is { } left ? Math.Min(left, wanted) : wanted;
    }

    private void MarkDeleted(ResourceDefinition definition, JsonObject obj, JsonObject metadata, long grace)
    {
        var first = metadata["deletionTimestamp"] is null;
        if (!first && (IsNamespace(definition) || metadata["deletionGracePeriodSeconds"]?.GetValue<long>() == grace))
            return;
        metadata["deletionTimestamp"] = Timestamps.Format(time.GetUtcNow().AddSeconds(grace));
        if (!IsNamespace(definition))
            metadata["deletionGracePeriodSeconds"] = grace;
        if (Generation(metadata) is > 0 and var generation)
            metadata["generation"] = generation + 1;
        if (IsNamespace(definition) && obj[StatusMember] is var status)
        {
            status ??= obj[StatusMember] = new JsonObject();
            status["phase"] = "Terminating";
        }
    }

    /// <summary>Whether a deletion is under way that nothing holds any more.</summary>
    private static bool IsReleased(ResourceDefinition definition, JsonObject obj)
    {
        var metadata = Metadata(obj);
        return metadata["deletionTimestamp"] is not null
            && metadata["deletionGracePeriodSeconds"]?.GetValue<long>() is null or 0
            && !HasFinalizers(metadata)
            && !(IsNamespace(definition) && obj["spec"]?["finalizers"] is JsonArray { Count: > 0 });
    }

    private static bool IsNamespace(ResourceDefinition definition) => definition is { Group: "", Plural: "namespaces" };

    private StoredObject RemoveLocked(ResourceDefinition definition, JsonObject obj, bool dryRun)
    {
        if (dryRun)
            return StoredObject.Freeze(definition, obj, store.Version);
        definition.Strategy.Release(obj);
        var removed = store.Remove(definition, obj);
        Committed?.Invoke(definition, removed, true);
        return removed;
    }
}
