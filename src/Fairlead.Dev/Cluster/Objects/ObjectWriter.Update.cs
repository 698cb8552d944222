using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Admission;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Objects;

internal sealed partial class ObjectWriter
{
    // Members of metadata that only the server writes.
    private static readonly string[] ServerMetadata =
        ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "generateName"];

    /// <summary>Replaces an object or, with a subresource, that part of it.</summary>
    /// <returns>The stored object, and whether the request created it.</returns>
    public (StoredObject Object, bool Created) Update(
        ResourceDefinition definition, ObjectKey key, string? subresource, JsonObject body, WriteContext context)
    {
        lock (_writes)
        {
            var metadata = ObjectShape.Normalize(definition, definition.Namespaced ? key.Namespace : null, body);
            CheckName(definition, key, metadata);
            if (store.Find(definition, key) is null && definition.AllowsCreateOnUpdate && subresource is null)
                return (CreateLocked(definition, definition.Namespaced ? key.Namespace : null, body, context), true);
            return (ModifyLocked(definition, key, subresource, _ => body, context, replaces: true), false);
        }
    }

    /// <summary>Replaces an object by a function of its current state, which no other write can change meanwhile.</summary>
    public StoredObject Modify(
        ResourceDefinition definition, ObjectKey key, string? subresource, Func<JsonObject, JsonObject> change, WriteContext context)
    {
        lock (_writes)
            return ModifyLocked(definition, key, subresource, change, context);
    }

    /// <summary>Server-side apply: creates the object or merges the configuration into it.</summary>
    public (StoredObject Object, bool Created) Apply(
        ResourceDefinition definition, ObjectKey key, string? subresource, JsonObject configuration, WriteContext context)
    {
        lock (_writes)
        {
            context = context with { IsApply = true };
            var ns = definition.Namespaced ? key.Namespace : null;
            CheckIdentified(configuration, key);
            CheckName(definition, key, ObjectShape.Normalize(definition, ns, configuration));

            // Only strict validation speaks of unknown members here; applying them fails in any case.
            if (context.FieldValidation == FieldValidation.Strict)
                ObjectSchema.Prune(definition, configuration, context);
            if (store.Find(definition, key) is not null)
                return (ModifyLocked(definition, key, subresource,
                    live => ObjectFields.Apply(definition, configuration, live, subresource, context, time.GetUtcNow()), context), false);
            if (subresource is not null)
                throw ApiErrors.NotFound(definition, key.Name);
            if (Metadata(configuration)["uid"]?.ToString() is { Length: > 0 } uid)
                throw ApiErrors.Conflict(definition, key.Name,
                    $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
            var created = ObjectFields.Apply(definition, configuration, null, null, context, time.GetUtcNow());
            return (CreateLocked(definition, ns, created, context), true);
        }
    }

    /// <param name="replaces">Whether the request brought the whole object.</param>
    private StoredObject ModifyLocked(
        ResourceDefinition definition,
        ObjectKey key,
        string? subresource,
        Func<JsonObject, JsonObject> change,
        WriteContext context,
        bool replaces = false)
    {
        var current = Find(store, definition, key);
        var old = current.Thaw(definition);
        var obj = change(old.DeepClone().AsObject());
        var metadata = ObjectShape.Normalize(definition, definition.Namespaced ? key.Namespace : null, obj);
        CheckName(definition, key, metadata);
        CheckPreconditions(definition, current, metadata, replaces);
        RestoreServerMetadata(metadata, Metadata(old));
        obj = ObjectParts.Select(definition, subresource, obj, old);
        metadata = Metadata(obj);
        ObjectSchema.Prepare(definition, obj, context);
        definition.Strategy.PrepareForUpdate(obj, old);
        if (definition.TracksGeneration && subresource is not StatusMember && ObjectParts.SpecChanged(definition, obj, old))
            metadata["generation"] = Generation(Metadata(old)) + 1;
        obj = ObjectFields.Track(definition, obj, old, subresource, context, time.GetUtcNow());
        metadata = Metadata(obj);
        ThrowIfInvalid(definition, key.Name, Errors(definition, obj, old));
        Admit(new AdmissionRequest
        {
            Definition = definition,
            Operation = "UPDATE",
            Subresource = subresource,
            Object = obj,
            OldObject = old,
            User = context.User,
            Namespace = key.Namespace,
            Name = key.Name,
            DryRun = context.DryRun,
        }, context.Warnings);
        if (IsReleased(definition, obj))
            return RemoveLocked(definition, obj, context.DryRun);
        metadata["resourceVersion"] = VersionText(current.Version);
        return JsonNode.DeepEquals(obj, old) ? current : Commit(definition, obj, context.DryRun, current.Version);
    }

    private static void CheckIdentified(JsonObject configuration, ObjectKey key)
    {
        if (string.IsNullOrEmpty(configuration["apiVersion"]?.ToString()) || string.IsNullOrEmpty(configuration["kind"]?.ToString()))
            throw ApiErrors.BadRequest(
                $"invalid object type: {configuration["apiVersion"]}, Kind={configuration["kind"]}; a configuration to apply needs apiVersion and kind");
        if (string.IsNullOrEmpty((configuration["metadata"] as JsonObject)?["name"]?.ToString()))
            throw ApiErrors.BadRequest($"the name of the object ({key.Name} based on URL) was undeterminable: name must be provided");
    }

    private static void CheckName(ResourceDefinition definition, ObjectKey key, JsonObject metadata)
    {
        var given = (string?)metadata["name"];
        if (string.IsNullOrEmpty(given))
            metadata["name"] = key.Name;
        else if (given != key.Name)
            throw ApiErrors.BadRequest(
                $"the name of the object ({given}) does not match the name on the URL ({key.Name})");
    }

    private static void CheckPreconditions(ResourceDefinition definition, StoredObject current, JsonObject metadata, bool replaces)
    {
        var uid = (string?)metadata["uid"];
        if (!string.IsNullOrEmpty(uid) && uid != current.Uid)
        {
            // A patch, unlike an update, changes the UID as any other field, which may not be.
            throw replaces
                ? ApiErrors.Conflict(definition, current.Key.Name,
                    $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}")
                : ApiErrors.Invalid(definition, current.Key.Name,
                    new FieldError(FieldErrorType.Invalid, "metadata.uid", "field is immutable", $"\"{uid}\""));
        }

        var version = (string?)metadata["resourceVersion"];
        if (string.IsNullOrEmpty(version) || version == "0")
        {
            if (!definition.AllowsUnconditionalUpdate)
                throw ApiErrors.Invalid(definition, current.Key.Name,
                    new FieldError(FieldErrorType.Invalid, "metadata.resourceVersion", "must be specified for an update", "0"));
        }
        else if (!long.TryParse(version, out var number))
        {
            throw ApiErrors.Invalid(definition, current.Key.Name,
                new FieldError(FieldErrorType.Invalid, "metadata.resourceVersion", "must be an unsigned integer", $"\"{version}\""));
        }
        else if (number != current.Version)
        {
            throw ApiErrors.Modified(definition, current.Key.Name);
        }
    }

    private static void RestoreServerMetadata(JsonObject metadata, JsonObject old)
    {
        foreach (var member in ServerMetadata)
            Restore(metadata, old, member);
    }
}
