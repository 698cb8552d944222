using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>
/// Server-side apply and the tracking of who set which field. Pure: objects passed in are never changed, and what to store is
/// returned, with <c>metadata.managedFields</c> set.
/// </summary>
public static class FieldManager
{
    private const string BeforeFirstApply = "before-first-apply";

    // The server sets these, or they name the object: nobody owns them.
    private static readonly FieldSet Unowned = FieldSet.OfFields(
        "apiVersion",
        "kind",
        "metadata",
        "metadata.name",
        "metadata.namespace",
        "metadata.creationTimestamp",
        "metadata.selfLink",
        "metadata.uid",
        "metadata.clusterName",
        "metadata.generation",
        "metadata.managedFields",
        "metadata.resourceVersion");

    /// <summary>
    /// Applies a configuration: sets its fields, removes those the manager applied before and applies no longer (unless another
    /// manager owns them), and records ownership.
    /// </summary>
    /// <param name="live">The stored object in the request's version; null when it does not exist yet.</param>
    /// <exception cref="ApiStatusException">
    /// 409 Conflict: other managers own fields it would change, and <see cref="FieldManagerOptions.Force"/> is not set;
    /// 400 and 500: the configuration cannot be applied.
    /// </exception>
    public static JsonObject Apply(JsonObject? live, JsonObject applied, SchemaNode schema, FieldManagerOptions options)
    {
        ArgumentNullException.ThrowIfNull(applied);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        AppliedConfiguration.Check(applied, schema);
        var configuration = WithoutFields(ObjectManagedFields.Without(applied), options);
        var current = live is null ? [] : ObjectManagedFields.Without(live);
        var managers = ObjectManagedFields.ReadLive(live);
        if (live is not null && managers.IsEmpty)
            RecordBeforeFirstApply(managers, current, schema, options);

        var applier = ManagerIdentity.Of(options.Manager, ManagerIdentity.Apply, options.ApiVersion, options.Subresource);
        var previous = managers.Find(applier);
        var fields = FieldSetBuilder.Build(configuration, schema).Difference(Unowned);
        managers.Set(applier, new ManagerEntry(fields, options.ApiVersion, previous?.Time));

        var merged = (JsonObject)ApplyMerge.Merge(current, configuration, schema)!;
        if (previous is not null)
            ApplyPrune.Prune(merged, schema, previous.Fields, managers.All());
        var changes = FieldComparison.Between(current, merged, schema);
        var conflicts = ApplyConflicts.Find(managers, applier, changes);
        if (!options.Force && conflicts.Except(LastApplied.Takeover(live, options.Manager, schema)) is { Any: true } real)
            throw real.ToException();
        managers.RemoveFromOthers(applier, conflicts.Fields);
        managers.RemoveFromOthers(applier, changes.Removed);

        // The time tells when a manager last changed the object, not when it last looked at it.
        if (!JsonNode.DeepEquals(current, merged) && managers.Find(applier) is { } entry)
            managers.Set(applier, entry with { Time = ManagedFields.Format(options.Now) });
        LastApplied.Refresh(merged, applied, options.Manager);
        return Finish(live, merged, managers);
    }

    /// <summary>Records which fields a create, update or patch changed.</summary>
    /// <param name="live">The stored object in the request's version; null on create.</param>
    /// <param name="updated">The object about to be stored, defaults included.</param>
    /// <returns><paramref name="updated"/> with its managers.</returns>
    public static JsonObject TrackUpdate(JsonObject? live, JsonObject updated, SchemaNode schema, FieldManagerOptions options)
    {
        ArgumentNullException.ThrowIfNull(updated);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        var managers = ObjectManagedFields.ReadForUpdate(live, updated);
        var result = ObjectManagedFields.Without(updated);

        // An object nobody tracks (its managers were reset) stays untracked until somebody applies it.
        if (live is not null && managers.IsEmpty)
            return result;

        var before = live is null ? [] : ObjectManagedFields.Without(live);
        var changes = FieldComparison.Between(before, result, schema).Ignoring(FieldSet.OfFields(options.ResetFields));
        var changed = changes.Added.Union(changes.Modified).Difference(Unowned);
        var updater = ManagerIdentity.Of(options.Manager, ManagerIdentity.Update, options.ApiVersion, options.Subresource);
        var own = managers.Find(updater);
        managers.RemoveFromOthers(updater, changed);
        managers.Remove(changes.Removed);
        if (!changed.IsEmpty)
        {
            var fields = changed.Union(own?.Fields.Difference(changes.Removed));
            managers.Set(updater, new ManagerEntry(fields, options.ApiVersion, ManagedFields.Format(options.Now)));
        }

        managers.Cap();
        return Finish(live, result, managers);
    }

    private static void RecordBeforeFirstApply(ManagedFields managers, JsonObject current, SchemaNode schema, FieldManagerOptions options)
    {
        var fields = FieldComparison.Between(new JsonObject(), current, schema).Added.Difference(Unowned);
        var id = ManagerIdentity.Of(BeforeFirstApply, ManagerIdentity.Update, options.ApiVersion, "");
        managers.Set(id, new ManagerEntry(fields, options.ApiVersion, ManagedFields.Format(options.Now)));
    }

    private static JsonObject WithoutFields(JsonObject configuration, FieldManagerOptions options)
    {
        foreach (var path in options.ResetFields)
        {
            var names = path.Split('.');
            var parent = names[..^1].Aggregate((JsonNode?)configuration, (node, name) => (node as JsonObject)?[name]);
            (parent as JsonObject)?.Remove(names[^1]);
        }

        return configuration;
    }

    /// <summary>Sets the managers; a write that changes nothing but times keeps the old times.</summary>
    private static JsonObject Finish(JsonObject? live, JsonObject result, ManagedFields managers)
    {
        ObjectManagedFields.DropEmptyMetadata(result);
        JsonNode? list = managers.Write();
        var old = ObjectManagedFields.Get(live);
        if (live is not null && ObjectManagedFields.EqualButTimes(old, list) && JsonNode.DeepEquals(ObjectManagedFields.Without(live), result))
            list = old?.DeepClone();
        ObjectManagedFields.Set(result, list);
        return result;
    }
}
